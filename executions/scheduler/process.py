"""The scheduler as a process of its own. It needs the database alone, and loads no more."""

from __future__ import annotations

from common.ids import new_id
from executions.scheduler.service import Scheduler
from rest.database import use_engine_role


def start() -> Scheduler:
    use_engine_role()
    scheduler = Scheduler(owner=new_id())
    scheduler.start()
    return scheduler
