"""Public ids: 22 characters of base 62, made of a UUIDv7, so they sort by the time they were made.
Shards: where an execution lives."""

import os
import time

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]
ID_LENGTH = 22
SHARDS = 16


def new_id(now_ms: int | None = None) -> str:
    """A new id. `now_ms` (Unix milliseconds) places it in time; absent means now."""
    stamp = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    value = (stamp << 80) | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return _base62(value)


def shard_of(public_id: str) -> int:
    """The shard (0 to 15) of an execution, from the random tail of its id."""
    tail = public_id[-4:]
    total = 0
    for letter in tail:
        total = total * 31 + ord(letter)
    return total % SHARDS


def _base62(value: int) -> str:
    parts = []
    for _ in range(ID_LENGTH // 2):
        value, pair = divmod(value, 3844)
        parts.append(_PAIRS[pair])
    parts.reverse()
    return "".join(parts)
