"""Statements that go to PostgreSQL in one round trip."""

import psycopg
import pytest
from psycopg.errors import DivisionByZero, UndefinedTable

from rest import postgres_together
from rest.postgres_together import Connection

pytestmark = pytest.mark.postgres

LENGTH = "SELECT length(%s::text)"


@pytest.fixture
def connection(postgres_database):
    with Connection.connect(postgres_database, autocommit=True) as found:
        yield found


def test_each_gives_its_rows(connection):
    found = connection.together(
        [
            ("CREATE TEMPORARY TABLE t (a int, b text)", ()),
            ("INSERT INTO t SELECT * FROM unnest(%s::int[], %s::text[])", ["{1,2}", '{x,"größe"}']),
            ("SELECT b, a FROM t ORDER BY a", ()),
            ("SELECT a FROM t WHERE a > 2", ()),
            ("SELECT %(b)s::text, %(a)s::boolean, %(b)s::text", {"a": True, "b": None, "c": 1}),
        ]
    )
    assert found == [[], [], [("x", 1), ("größe", 2)], [], [(None, True, None)]]


def test_it_may_be_repeated_between_other_calls(connection):
    for text in ("a", "ab"):
        assert connection.together([(LENGTH, [text]), (LENGTH, ["abc"])]) == [
            [(len(text),)],
            [(3,)],
        ]
        assert connection.execute("SELECT 1").fetchall() == [(1,)]


def test_nothing_is_asked_by_nothing(connection):
    assert connection.together([]) == []


def test_after_an_error_nothing_stays_and_the_next_call_works(connection):
    connection.execute("CREATE TEMPORARY TABLE t (a int)")
    insert = ("INSERT INTO t VALUES (%s::int)", ["1"])
    divide = ("SELECT 1 / %s::int", ["0"])
    for _ in range(2):
        with pytest.raises(DivisionByZero):
            connection.together([insert, divide, insert])
    assert connection.together([insert, ("SELECT count(*) FROM t", ())]) == [[], [(1,)]]
    assert connection.together([("SELECT 1 / %s::int", ["1"])]) == [[(1,)]]


def test_a_transaction_that_failed_is_rolled_back_by_its_caller(connection):
    with pytest.raises(UndefinedTable):
        connection.together([("BEGIN", ()), ("SELECT * FROM nowhere", ()), ("COMMIT", ())])
    connection.rollback()
    assert connection.together([("BEGIN", ()), (LENGTH, ["a"]), ("COMMIT", ())])[1] == [(1,)]


def test_more_than_the_socket_holds_goes_through_both_ways(connection):
    """The server answers while it is still being told."""
    large = "x" * 3_000_000
    found = connection.together([("SELECT %s::text", [large])] * 4)
    assert found == [[(large,)]] * 4


def test_a_connection_that_broke_says_so(connection, postgres_database):
    pid = connection.info.backend_pid
    with psycopg.connect(postgres_database, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    with pytest.raises(psycopg.OperationalError):
        connection.together([(LENGTH, ["a"])])
    assert connection.closed


def test_what_cannot_be_sent_leaves_the_connection_as_it_was(connection):
    with pytest.raises(UnicodeEncodeError):
        connection.together([(LENGTH, ["a"]), (LENGTH, ["\ud800"])])
    assert connection.together([(LENGTH, ["a"])]) == [[(1,)]]


def test_an_interrupted_exchange_closes_the_connection(connection, monkeypatch):
    """What is still to come would be taken for the answer to the next call."""

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(postgres_together, "_results", interrupt)
    with pytest.raises(KeyboardInterrupt):
        connection.together([(LENGTH, ["a"])])
    assert connection.closed
