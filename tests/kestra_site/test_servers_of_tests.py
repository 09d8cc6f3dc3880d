"""The servers that tests start for themselves."""

import psycopg
import redis

from tests.support.servers import PostgresServer, RedisServer


def test_own_redis_is_empty_after_a_stop(redis_server: RedisServer) -> None:
    with redis.Redis.from_url(redis_server.url) as client:
        client.set("key", "value")

    redis_server.stop()
    redis_server.start()

    with redis.Redis.from_url(redis_server.url) as client:
        assert client.get("key") is None


def test_own_postgres_keeps_its_data_over_a_stop(postgres_server: PostgresServer) -> None:
    url = postgres_server.create_database("kept")

    postgres_server.stop("fast")
    postgres_server.start()

    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
