"""What waits for a worker, and how much of it the broker may hold: per worker group a window of
`factor` × its live slots, filled round-robin over tenants, then namespaces. What waits beyond stays
a row. Light tasks have a window of their own, of few messages: while these are out, what becomes
ready gathers for the next, because a message costs more than the tasks in it."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from executions.dispatch.contract import Bundle, WorkItem

# A message of light tasks never has more than this.
BUNDLE_LIMIT = 50
# A group has one message of light tasks out for so many slots.
SLOTS_A_LIGHT_MESSAGE = 2
# Without a living worker this much goes out all the same, so that a worker that comes finds work.
SLOTS_WITHOUT_WORKERS = 4


@dataclass(slots=True)
class _Fair:
    """A queue of queues: take from each tenant in turn, within it from each namespace."""

    tenants: OrderedDict[str, OrderedDict[str, deque[WorkItem]]] = field(
        default_factory=OrderedDict
    )
    size: int = 0

    def put(self, item: WorkItem) -> None:
        spaces = self.tenants.setdefault(item.tenant, OrderedDict())
        spaces.setdefault(item.namespace, deque()).append(item)
        self.size += 1

    def take(self) -> WorkItem:
        tenant, spaces = next(iter(self.tenants.items()))
        namespace, queue = next(iter(spaces.items()))
        item = queue.popleft()
        spaces.move_to_end(namespace)
        self.tenants.move_to_end(tenant)
        if not queue:
            del spaces[namespace]
            if not spaces:
                del self.tenants[tenant]
        self.size -= 1
        return item

    def drain(self) -> list[WorkItem]:
        return [self.take() for _ in range(self.size)]


@dataclass(slots=True)
class _Lane:
    """One kind of work of a group: what waits, and how many messages are out."""

    waiting: _Fair = field(default_factory=_Fair)
    messages_out: int = 0


@dataclass(slots=True)
class _Group:
    light: _Lane = field(default_factory=_Lane)
    other: _Lane = field(default_factory=_Lane)
    slots: int = 0

    def lane(self, item: WorkItem) -> _Lane:
        return self.light if item.is_light else self.other

    @property
    def lanes(self) -> tuple[_Lane, _Lane]:
        return (self.other, self.light)


@dataclass(slots=True)
class _Sent:
    item: WorkItem
    bundle: list[str]
    at: float


class Window:
    """Belongs to one executor's thread. `share` is its part of each window: 1 / executors."""

    def __init__(self, *, factor: int = 4) -> None:
        self._factor = factor
        self._groups: dict[str, _Group] = {}
        self._sent: dict[str, _Sent] = {}
        self._waiting: set[str] = set()
        self.share = 1.0

    def set_slots(self, slots: Mapping[str, int]) -> None:
        for name, group in self._groups.items():
            group.slots = slots.get(name, 0)
        for name, count in slots.items():
            self._group(name).slots = count

    def offer(self, item: WorkItem) -> None:
        """An attempt that waits or is out already is not taken twice."""
        if item.token in self._sent or item.token in self._waiting:
            return
        self._waiting.add(item.token)
        self._group(item.group).lane(item).waiting.put(item)

    def done(self, token: str) -> None:
        """The attempt has ended (or is unwanted): its place is free when its whole message is."""
        sent = self._sent.pop(token, None)
        if sent is None:
            return
        sent.bundle.remove(token)
        if not sent.bundle:
            self._group(sent.item.group).lane(sent.item).messages_out -= 1

    def take(self, now: float) -> list[Bundle]:
        """What may go out now. `now` in seconds of a monotonic clock."""
        found: list[Bundle] = []
        for name, group in self._groups.items():
            slots = group.slots or SLOTS_WITHOUT_WORKERS
            found += self._fill(name, group.other, self._share_of(self._factor * slots), 1, now)
            limit = self._share_of(slots / SLOTS_A_LIGHT_MESSAGE)
            found += self._fill(name, group.light, limit, BUNDLE_LIMIT, now)
        return found

    def overdue(self, now: float, older_than_seconds: float) -> list[WorkItem]:
        """Sent so long ago that somebody should have claimed it."""
        limit = now - older_than_seconds
        return [sent.item for sent in self._sent.values() if sent.at < limit]

    def sent_items(self) -> list[WorkItem]:
        return [sent.item for sent in self._sent.values()]

    def touch(self, token: str, now: float) -> None:
        """Somebody has claimed it: its time starts anew."""
        if token in self._sent:
            self._sent[token].at = now

    def drop_waiting(self, is_gone: Callable[[WorkItem], bool]) -> None:
        for group in self._groups.values():
            for lane in group.lanes:
                for item in lane.waiting.drain():
                    if is_gone(item):
                        self._waiting.discard(item.token)
                    else:
                        lane.waiting.put(item)

    def forget(self, tokens: Iterable[str]) -> None:
        for token in tokens:
            self.done(token)

    @property
    def waiting(self) -> int:
        return sum(lane.waiting.size for group in self._groups.values() for lane in group.lanes)

    def _group(self, name: str) -> _Group:
        return self._groups.setdefault(name, _Group())

    def _share_of(self, messages: float) -> int:
        return max(1, int(messages * self.share))

    def _fill(
        self, name: str, lane: _Lane, limit: int, bundle_limit: int, now: float
    ) -> Iterator[Bundle]:
        """Spreads what waits over the free messages: a bundle holds its slot until its slowest
        member ends."""
        while lane.waiting.size and lane.messages_out < limit:
            spread = -(-lane.waiting.size // (limit - lane.messages_out))
            size = min(bundle_limit, spread)
            items = tuple(lane.waiting.take() for _ in range(size))
            lane.messages_out += 1
            tokens = [item.token for item in items]
            for item in items:
                self._waiting.discard(item.token)
                self._sent[item.token] = _Sent(item, tokens, now)
            yield Bundle(name, items)
