"""What one executor has in memory. All of it can be read again from the store."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field

from common.ids import shard_of
from executions.bus.contract import Received
from executions.executor.alarm import Alarm
from executions.executor.events import Event
from executions.executor.residents import Residents
from executions.executor.window import Window


@dataclass(slots=True)
class Memory:
    """`shards` maps those that are owned to their epochs. `later` holds events of our own making
    for the next turns, `backlog` what the bus must not be asked for again."""

    residents: Residents
    window: Window
    alarm: Alarm = field(default_factory=Alarm)
    shards: dict[int, int] = field(default_factory=dict)
    later: deque[tuple[str, Event]] = field(default_factory=deque)
    backlog: list[Received] = field(default_factory=list)

    def owns(self, execution_id: str) -> bool:
        return shard_of(execution_id) in self.shards

    def drop_execution(self, execution_id: str) -> None:
        self.residents.drop(execution_id)
        self.alarm.drop(execution_id)

    def drop_shards(self, shards: Collection[int]) -> None:
        """What is known of these shards may be wrong: whoever owns them next reads it again."""
        gone = frozenset(shards)

        def is_gone(execution_id: str) -> bool:
            return shard_of(execution_id) in gone

        for resident in self.residents.drop_shards(gone):
            self.alarm.drop(resident.id)
        sent = self.window.sent_items()
        self.window.forget(item.token for item in sent if is_gone(item.execution_id))
        self.window.drop_waiting(lambda item: is_gone(item.execution_id))
        self.later = deque(entry for entry in self.later if not is_gone(entry[0]))
        self.backlog = [message for message in self.backlog if message.shard not in gone]
        for shard in gone:
            self.shards.pop(shard, None)
