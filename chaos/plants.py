"""The three planted bugs, each a patch of one of the engine's classes in this process. The run that
plants one must end with violations: this is how the test is tested."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

log = logging.getLogger("chaos")


def _replace(owner: type, name: str, function: Callable[..., Any]) -> None:
    """Raises AttributeError when the engine has no such method any more: a plant must not rot."""
    if name not in vars(owner):
        raise AttributeError(f"{owner.__name__} has no {name}: the plant must follow the engine")
    setattr(owner, name, function)


def plant(name: str) -> None:
    """Raises KeyError for a name that there is not; the empty one changes nothing."""
    if name:
        PLANTS[name]()
        log.warning("chaos: the bug %s is planted in this process", name)


def _no_epoch_check() -> None:
    """A turn does not compare the epochs of its shards: an owner that was stopped goes on with what
    it remembers."""
    from executions.store.postgres_turn import PostgresTurn

    keep = PostgresTurn.__init__

    class Unchecked(dict[int, int]):
        """Names its shards, and has nothing to compare."""

        def items(self) -> Any:
            return ()

    def forgetful(self: PostgresTurn, connection: Any, shards: Mapping[int, int]) -> None:
        keep(self, connection, Unchecked(shards))

    _replace(PostgresTurn, "__init__", forgetful)


def _acknowledge_before_commit() -> None:
    """Messages are acknowledged when they are read, rows of the inbox deleted in a transaction of
    their own before the turn: what a turn had in hand is gone if it does not commit."""
    from executions.bus.contract import Received
    from executions.executor.service import Executor
    from executions.store.contract import InboxRow
    from executions.store.postgres import PostgresStore
    from executions.store.postgres_turn import PostgresTurn

    keep_receive, keep_turn = Executor._receive, PostgresStore.turn
    keep_take = PostgresTurn.take_inbox
    stores: list[PostgresStore] = []

    def receive(self: Executor, *, block: bool) -> list[Received]:
        found = keep_receive(self, block=block)
        self._bus.acknowledge(found)
        return found

    def turn(self: PostgresStore, shards: Mapping[int, int]) -> Any:
        stores[:] = [self]
        return keep_turn(self, shards)

    def take_inbox(self: PostgresTurn, ids: Sequence[int]) -> list[InboxRow]:
        if not ids:
            return []
        with stores[0]._connected() as connection:
            early = PostgresTurn(connection, self._shards)
            taken = keep_take(early, ids)
            early.commit()
            return taken

    _replace(Executor, "_receive", receive)
    _replace(PostgresStore, "turn", turn)
    _replace(PostgresTurn, "take_inbox", take_inbox)


def _no_outbox_sweep() -> None:
    """Nobody looks for requests whose message was lost, nor sends again what nobody has claimed."""
    from executions.executor.housekeeping import Housekeeping

    def sweep(self: Housekeeping) -> None:
        self._find_lost_attempts()
        if self._bus.lost_data():
            self._bus.take_over(list(self._memory.shards))
        self.send()

    _replace(Housekeeping, "_sweep", sweep)


PLANTS: Mapping[str, Callable[[], None]] = {
    "no-epoch-check": _no_epoch_check,
    "acknowledge-before-commit": _acknowledge_before_commit,
    "no-outbox-sweep": _no_outbox_sweep,
}
