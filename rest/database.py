"""The second wall on PostgreSQL: row-level security for the role `kestra_app`.

Before each statement the connection is brought to the role and tenant of the calling context, so
nothing can leak from one request to the next; it costs a round trip only when they changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import OperationalError
from django.db.backends.base.base import NO_DB_ALIAS, BaseDatabaseWrapper

from common.tenancy import tenant_or_none
from rest.scoping import EVERY_TENANT, is_unscoped

APP_ROLE = "kestra_app"

_ENGINE = ("none", "")
_SETTLE = "SELECT set_config('role', %s, false), set_config('app.tenant', %s, false)"
_process_is_engine = False
_is_engine: ContextVar[bool] = ContextVar("kestra_engine_role", default=False)


def use_engine_role() -> None:
    """From now on this process works as the tables' owner: executor, scheduler, worker."""
    global _process_is_engine  # noqa: PLW0603  # one switch for each process is what it is
    _process_is_engine = True


@contextmanager
def engine_role() -> Iterator[None]:
    """The block works as the tables' owner: migrations, or an engine thread beside a webserver."""
    token = _is_engine.set(True)
    try:
        yield
    finally:
        _is_engine.reset(token)


def guard_connection(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Receiver of `connection_created`. Nothing to do but on PostgreSQL."""
    if connection.vendor != "postgresql" or connection.alias == NO_DB_ALIAS:
        return
    wrappers = connection.execute_wrappers
    wrappers[:] = [Wall(), *(wrapper for wrapper in wrappers if not isinstance(wrapper, Wall))]


def raw_connection(wrapper: BaseDatabaseWrapper, sql: str) -> Any:
    """The driver's connection beneath Django's, behind the same wall: role and tenant are those
    that `sql` may run with."""
    wrapper.close_if_health_check_failed()
    wrapper.ensure_connection()
    for each in wrapper.execute_wrappers:
        if isinstance(each, Wall):
            each.settle(wrapper, sql)
    return wrapper.connection


def is_in_transaction(raw: Any) -> bool:
    from psycopg.pq import TransactionStatus  # only where there is PostgreSQL

    return bool(raw.pgconn.transaction_status != TransactionStatus.IDLE)


class Wall:
    """Execute wrapper of one connection; remembers what the server was told last."""

    def __init__(self) -> None:
        self._state: tuple[str, str] | None = None
        self._set_in_transaction = False

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: Any,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        self.settle(context["connection"], sql)
        try:
            return execute(sql, params, many, context)
        finally:
            if isinstance(sql, str) and sql.startswith("ROLLBACK TO"):
                self._state = None

    def settle(self, connection: Any, sql: Any) -> None:
        from psycopg.pq import TransactionStatus  # there is no guard without psycopg

        raw, wanted = connection.connection, _wanted(sql)
        status = raw.pgconn.transaction_status
        if self._set_in_transaction and status == TransactionStatus.IDLE:
            self._state = None  # that transaction is over, and may have been rolled back
        if self._state == wanted or status == TransactionStatus.INERROR:
            return
        with connection.wrap_database_errors:
            _set_role_and_tenant(raw, *wanted)
        self._state = wanted
        self._set_in_transaction = raw.pgconn.transaction_status == TransactionStatus.INTRANS


def _set_role_and_tenant(raw: Any, role: str, tenant: str) -> None:
    import psycopg

    try:
        raw.execute(_SETTLE, [role, tenant])
    except psycopg.errors.InvalidParameterValue as error:
        raise OperationalError(
            f"the database has no role {APP_ROLE} yet; `kestra migrate` makes it"
        ) from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise OperationalError(
            f"the database user may not become {APP_ROLE}; as an administrator run"
            f" `GRANT {APP_ROLE} TO <database user>`"
        ) from error


def _wanted(sql: Any) -> tuple[str, str]:
    if _process_is_engine or _is_engine.get():
        return _ENGINE
    if is_unscoped() or (isinstance(sql, str) and EVERY_TENANT in sql):
        return APP_ROLE, "*"
    return APP_ROLE, tenant_or_none() or ""
