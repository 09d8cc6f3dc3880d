"""Tenant scope of rows: the abstract model, its queryset and manager.

A query outside `common.tenancy.tenant_scope` raises NoTenant when it runs; inside one it sees that
tenant's rows only. `unscoped()` is the one word that lifts this."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import models
from django.db.models.expressions import Expression
from django.db.models.sql.compiler import SQLCompiler

from common.tenancy import current_tenant

TENANT_LENGTH = 100
EVERY_TENANT = "1=1 /* every tenant */"
"""Stands in the SQL of an unscoped query; `rest.database` looks for it."""

_lifted: ContextVar[bool] = ContextVar("kestra_unscoped", default=False)

_M = TypeVar("_M", bound=models.Model)


class WrongTenant(RuntimeError):
    """A row of one tenant was about to be written while another tenant is the current one."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


@contextmanager
def unscoped() -> Iterator[None]:
    """Every query inside sees the rows of all tenants. Say why beside each use."""
    token = _lifted.set(True)
    try:
        yield
    finally:
        _lifted.reset(token)


def is_unscoped() -> bool:
    return _lifted.get()


class _OfCurrentTenant(Expression):
    """True for rows of the tenant that is current when the SQL is made."""

    conditional = True
    output_field = models.BooleanField()

    def __init__(self, column: Any) -> None:
        super().__init__()
        self.column = column

    def get_source_expressions(self) -> list[Any]:
        return [self.column]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        (self.column,) = exprs

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]  # the stub narrows to its own tuple alias
        if is_unscoped():
            return EVERY_TENANT, []
        sql, params = compiler.compile(self.column)
        return f"{sql} = %s", [*params, current_tenant()]


class _OfEveryTenant(Expression):
    """True for all rows; carries the mark by which the database's own wall is lifted, too."""

    conditional = True
    output_field = models.BooleanField()

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]  # as above
        return EVERY_TENANT, []


class TenantQuerySet(models.QuerySet[_M]):
    """Writes rows of the current tenant only. Subclass it for an app's own query words."""

    def bulk_create(self, objs: Iterable[_M], *args: Any, **kwargs: Any) -> list[_M]:
        rows = list(objs)
        for row in rows:
            assign_tenant(row)
        return super().bulk_create(rows, *args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        if "tenant" in kwargs:
            raise WrongTenant
        return super().update(**kwargs)

    @classmethod
    def as_manager(cls) -> "TenantManager[Any]":
        return TenantManager.from_queryset(cls)()


class TenantManager(models.Manager[_M]):
    """The only door to a scoped model's rows; also used for related objects."""

    _queryset_class = TenantQuerySet

    def get_queryset(self) -> models.QuerySet[_M]:
        return super().get_queryset().filter(_OfCurrentTenant(models.F("tenant")))

    def unscoped(self) -> models.QuerySet[_M]:
        """Rows of all tenants, for reading; prefer the block `with unscoped():` if it follows
        relations to other rows."""
        if hasattr(self, "core_filters"):
            raise TypeError("unscoped() belongs to the model's own manager, not to a relation's")
        return super().get_queryset().filter(_OfEveryTenant())


class TenantScoped(models.Model):
    """A row that belongs to a tenant. Give the child unique constraints and indexes that begin
    with `tenant`, and `EnableRowLevelSecurity` in its migration."""

    tenant = models.CharField(max_length=TENANT_LENGTH, editable=False)

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        assign_tenant(self)
        super().save(*args, **kwargs)


def assign_tenant(row: Any) -> None:
    """Fills in the current tenant; a row of another one is refused with WrongTenant."""
    if not row.tenant:
        row.tenant = current_tenant()
    elif not is_unscoped() and row.tenant != current_tenant():
        raise WrongTenant
