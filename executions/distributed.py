"""The distributed wiring: PostgreSQL, Redis, Celery; each part a process of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg.conninfo import make_conninfo

from common.ids import new_id
from executions.bus.redis import RedisBus
from executions.dispatch.celery import CeleryDispatcher
from executions.dispatch.contract import Bundle, WorkItem
from executions.live.current import set_current_live
from executions.live.redis import RedisLiveUpdates
from executions.parts import (
    Running,
    Seams,
    make_executor,
    make_seams,
    make_worker,
    run_executor,
    temporary_folder,
)
from executions.requests import set_request_bus
from executions.store.postgres import PostgresStore
from executions.worker.current import set_current_host
from executions.worker.kill_listener import KillListener
from rest.database import use_engine_role


def start_executor(configuration: Any) -> Running:
    use_engine_role()
    owner = new_id()
    seams = _distributed(configuration, owner)
    dispatcher = CeleryDispatcher(configuration.redis_url)
    executor = make_executor(seams, dispatcher, configuration.engine, owner=owner)
    return Running(executor, run_executor(executor), None, seams)


def start_worker(configuration: Any) -> Running:
    """The host that Celery's door hands work to; kills come over Redis."""
    use_engine_role()
    seams = _distributed(configuration, new_id())
    dispatcher = CeleryDispatcher(configuration.redis_url)

    def give_back(bundles: Sequence[Sequence[WorkItem]]) -> None:
        """To its queue, where another worker of the group finds it at once. For the executor it is
        out as before; what was sent again meanwhile, too, is claimed once."""
        dispatcher.send([Bundle(items[0].group, tuple(items)) for items in bundles])

    host = make_worker(
        seams,
        configuration.engine,
        temporary_folder(configuration),
        is_bounded=True,
        give_back=give_back,
    )
    set_current_host(host)
    KillListener(configuration.redis_url, host.kill).start()
    return Running(None, None, host, seams)


def connect_webserver(configuration: Any) -> Running:
    live = RedisLiveUpdates(configuration.redis_url)
    seams = _distributed(configuration, f"web-{new_id()}", live)
    set_request_bus(seams.bus)
    set_current_live(live)
    return Running(seams=seams)


def _distributed(configuration: Any, owner: str, live: RedisLiveUpdates | None = None) -> Seams:
    store = PostgresStore(_conninfo(configuration.database))
    bus = RedisBus(configuration.redis_url, owner)
    return make_seams(configuration, store, bus, live or RedisLiveUpdates(configuration.redis_url))


def _conninfo(address: Any) -> str:
    parts = {
        "dbname": address.name,
        "user": address.user,
        "password": address.password,
        "host": address.host,
        "port": address.port,
        **address.options,
    }
    return make_conninfo("", **{key: value for key, value in parts.items() if value})
