"""Which rows of a list the caller may see: lists leave out what he may not read."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from common.errors import Forbidden
from rest.views import ApiView

_M = TypeVar("_M", bound=Model)
_WHOLE_TENANT = "*"


def visible_rows(
    view: ApiView, rows: QuerySet[_M], *, action: str = "LIST", column: str = "namespace"
) -> QuerySet[_M]:
    """Rows of namespaces in which the caller has the action; all if he has it everywhere."""
    if may(view, action, namespace=_WHOLE_TENANT):
        return rows
    names = rows.order_by().values_list(column, flat=True).distinct()
    return rows.filter(**{f"{column}__in": [n for n in names if may(view, action, namespace=n)]})


def may(view: ApiView, action: str, *, namespace: str) -> bool:
    try:
        view.require(action, namespace=namespace)
    except Forbidden:
        return False
    return True
