"""A bare Celery worker beside the product, on the same Redis, for as long as it is measured: no
result backend, acknowledged early, a pool of as many threads as the product's worker has slots."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys

from benchmarks.errors import BenchmarkFailed
from benchmarks.processes import ROOT, MeasuredProcess, product_environment
from benchmarks.stacks import temporary_folder
from tests.support.servers import RedisServer

_POOL = ("--pool", "threads", "--concurrency", "8")
_QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING")
_APP = "benchmarks.floors.celery_app"


def round_trip_seconds(redis: RedisServer) -> float:
    return _median(redis, "in_a_row", size=1, count=200)


def chain_seconds(redis: RedisServer, size: int) -> float:
    return _median(redis, "in_a_row", size=size, count=15)


def at_once_seconds(redis: RedisServer, size: int) -> float:
    return _median(redis, "at_once", size=size, count=40 if size < 1000 else 3)


def _median(redis: RedisServer, measure: str, *, size: int, count: int) -> float:
    with temporary_folder() as folder:
        environment = product_environment(folder, BENCH_BROKER_URL=redis.url[:-1] + "1")
        command = [sys.executable, "-m", "celery", "-A", _APP, "worker", *_POOL, *_QUIET]
        worker = MeasuredProcess("celery", command, environment, folder)
        try:
            client = [sys.executable, "-m", "benchmarks.floors.celery_client"]
            done = subprocess.run(
                [*client, measure, str(size), str(count)],
                env=environment,
                cwd=ROOT,
                stdout=subprocess.PIPE,
                check=False,
            )
            worker.check_running()
        finally:
            worker.stop()
    if done.returncode:
        raise BenchmarkFailed("the bare Celery client failed: see its words above")
    return statistics.median(json.loads(done.stdout))
