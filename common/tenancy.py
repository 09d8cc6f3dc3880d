"""The current tenant: a context variable that requests, tasks and the engine enter."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

DEFAULT_TENANT = "main"

_current: ContextVar[str | None] = ContextVar("kestra_tenant", default=None)


class NoTenant(RuntimeError):
    """A tenant-scoped object was asked for outside a tenant: enter `tenant_scope(…)` first."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def current_tenant() -> str:
    """The id of the tenant we are in. Raises NoTenant outside one."""
    tenant = _current.get()
    if tenant is None:
        raise NoTenant
    return tenant


def tenant_or_none() -> str | None:
    return _current.get()


@contextmanager
def tenant_scope(tenant: str) -> Iterator[None]:
    token = _current.set(tenant)
    try:
        yield
    finally:
        _current.reset(token)
