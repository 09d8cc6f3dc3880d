"""What was read before and can be used again."""

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

_V = TypeVar("_V")
Key = tuple[object, ...]


class BoundedCache(Generic[_V]):
    """Keeps what was used last. Safe to share between threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._items: OrderedDict[Key, _V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> _V | None:
        with self._lock:
            value = self._items.get(key)
            if value is not None:
                self._items.move_to_end(key)
            return value

    def put(self, key: Key, value: _V) -> None:
        with self._lock:
            self._items[key] = value
            self._items.move_to_end(key)
            while len(self._items) > self._size:
                self._items.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._items.clear()

    def __len__(self) -> int:
        return len(self._items)
