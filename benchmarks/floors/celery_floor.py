"""A bare Celery worker on a Redis of its own, made like the product's, for as long as it is
measured: no result backend, acknowledged early, as many threads as the product's worker has
slots."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from contextlib import ExitStack

from benchmarks.errors import BenchmarkFailed
from benchmarks.processes import ROOT, MeasuredProcess, product_environment
from benchmarks.stacks import temporary_folder
from tests.support.servers import RedisServer

_POOL = ("--pool", "threads", "--concurrency", "8")
_QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING")
_APP = "benchmarks.floors.celery_app"


def round_trip_seconds() -> float:
    return _median("in_a_row", size=1, count=200)


def chain_seconds(size: int) -> float:
    return _median("in_a_row", size=size, count=15)


def at_once_seconds(size: int) -> float:
    return _median("at_once", size=size, count=40 if size < 1000 else 3)


def _median(measure: str, *, size: int, count: int) -> float:
    redis = RedisServer()
    with temporary_folder() as folder, ExitStack() as stack:
        stack.callback(redis.stop)
        redis.start()
        environment = product_environment(folder, BENCH_BROKER_URL=redis.url)
        command = [sys.executable, "-m", "celery", "-A", _APP, "worker", *_POOL, *_QUIET]
        worker = MeasuredProcess("celery", command, environment, folder)
        stack.callback(worker.stop)
        client = [sys.executable, "-m", "benchmarks.floors.celery_client"]
        done = subprocess.run(  # noqa: S603 - our own command
            [*client, measure, str(size), str(count)],
            env=environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            check=False,
        )
        worker.check_running()
    if done.returncode:
        raise BenchmarkFailed("the bare Celery client failed: see its words above")
    return float(statistics.median(json.loads(done.stdout)))
