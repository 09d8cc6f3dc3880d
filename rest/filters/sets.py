"""Filter sets: what one resource can be searched by, in both forms of the query string."""

from typing import Any, ClassVar, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import QueryDict

from common.errors import Invalid
from rest.filters.fields import Field
from rest.filters.tree import Filter, Group, Node, Operation, camel_case, read_bracketed

_M = TypeVar("_M", bound=Model)


class FilterSet:
    """Declares fields; `flow_id` is `flowId` in the API:

        class FlowFilters(FilterSet):
            q = Search("flow_id", "description")
            namespace = Namespace()
            flow_id = Value("flow_id")

    `FlowFilters.apply(queryset, request.query_params)` raises Invalid for what it doesn't have."""

    fields: ClassVar[dict[str, Field]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = {
            camel_case(name): value for name, value in vars(cls).items() if isinstance(value, Field)
        }
        cls.fields = {**cls.fields, **own}

    @classmethod
    def apply(cls, rows: QuerySet[_M], query: QueryDict) -> QuerySet[_M]:
        return rows.filter(cls.condition(cls.read(query)))

    @classmethod
    def read(cls, query: QueryDict) -> Group:
        """Both forms as one `and` group. Other parameters are none of our business."""
        if "timeRange" in query and "startDate" in query:
            raise Invalid("timeRange and startDate exclude each other: give one of them")
        pairs = [(name, value) for name in query for value in query.getlist(name)]
        members: list[Node] = list(read_bracketed(pairs).members)
        for name, field in cls.fields.items():
            members += field.flat_filters(name, [text for text in query.getlist(name) if text])
        return Group(is_or=False, members=tuple(members))

    @classmethod
    def has_any(cls, query: QueryDict) -> bool:
        return bool(cls.read(query).members)

    @classmethod
    def condition(cls, node: Node) -> Q:
        if isinstance(node, Filter):
            return cls._field(node.field).condition(node)
        found = Q()
        for member in node.members:
            inner = cls.condition(member)
            found = found | inner if node.is_or else found & inner
        return found

    @classmethod
    def from_values(cls, values: list[dict[str, Any]]) -> Group:
        """Filters as JSON bodies hold them: `[{"field", "operation", "value"}]`."""
        members: list[Node] = []
        for item in values:
            pairs = _value_pairs(item)
            members += read_bracketed(pairs).members
        return Group(is_or=False, members=tuple(members))

    @classmethod
    def _field(cls, name: str) -> Field:
        field = cls.fields.get(name)
        if field is None:
            raise Invalid(f"filters[{name}]: unknown field; known: {', '.join(cls.fields)}")
        return field


def _value_pairs(item: dict[str, Any]) -> list[tuple[str, str]]:
    field = camel_case(str(item.get("field", "")))
    operation = str(item.get("operation", Operation.EQUALS))
    value = item.get("value", "")
    if isinstance(value, dict):
        return [(f"filters[{field}][{operation}][{key}]", str(one)) for key, one in value.items()]
    text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    return [(f"filters[{field}][{operation}]", text)]
