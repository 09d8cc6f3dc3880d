"""What flows can be searched by."""

from django.conf import settings
from django.db.models import Q

from common.errors import Invalid
from rest.filters import (
    Custom,
    Filter,
    FilterSet,
    Labels,
    Moment,
    Namespace,
    Number,
    Operation,
    Search,
    Value,
)
from rest.pagination import SortColumns


def _scope(asked: Filter) -> Q:
    system = settings.KESTRA_SYSTEM_NAMESPACE
    of_system = Q(namespace=system) | Q(namespace__startswith=f"{system}.")
    scopes = {"SYSTEM": of_system, "USER": ~of_system}
    found = Q(pk__in=())
    for word in asked.texts:
        if word.upper() not in scopes:
            raise Invalid(f"{asked.field}: '{word}' is unknown; known: USER, SYSTEM")
        found |= scopes[word.upper()]
    return ~found if asked.operation is Operation.NOT_EQUALS else found


class FlowFilters(FilterSet):
    q = Search("flow_id", "namespace", "description")
    id = Value("flow_id", flat=None)
    flowId = Value("flow_id")  # noqa: N815  # the API's word
    namespace = Namespace()
    labels = Labels()
    scope = Custom(_scope, operations=(Operation.EQUALS, Operation.NOT_EQUALS, Operation.IN))
    flowRevision = Number("revision", flat=None)  # noqa: N815  # the API's word
    updated = Moment("updated")


FLOW_SORT: SortColumns = {
    "id": "flow_id",
    "flowId": "flow_id",
    "namespace": "namespace",
    "revision": "revision",
    "disabled": "is_disabled",
    "description": "description",
    "updated": "updated",
}
