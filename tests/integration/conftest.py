"""PostgreSQL, Redis and the four kinds of processes, on servers of the tests' own."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from tests.support.product import Product, distributed_product
from tests.support.servers import PostgresServer, RedisServer

StartDistributed = Callable[..., AbstractContextManager[Product]]
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def start_distributed(
    _own_postgres: PostgresServer,
    _own_redis: RedisServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> StartDistributed:
    """Starts the processes on an empty database and an empty Redis; one set of them at a time."""

    def start(**environment: str) -> AbstractContextManager[Product]:
        _own_postgres.start()
        _own_redis.start()
        _own_redis.empty()
        return distributed_product(
            tmp_path_factory.mktemp("distributed"),
            database_url=_own_postgres.create_database(f"distributed{next(_numbers)}"),
            redis_url=_own_redis.url,
            **environment,
        )

    return start


@pytest.fixture(scope="module")
def product(start_distributed: StartDistributed) -> Iterator[Product]:
    with start_distributed() as running:
        yield running
