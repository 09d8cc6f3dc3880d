"""What tenants, namespaces and keys can be searched by."""

from django.db.models import Q

from common.errors import Invalid
from rest.filters import Custom, Filter, FilterSet, Moment, Namespace, Search, Value
from rest.pagination import SortColumns


def _existing_only(asked: Filter) -> Q:
    word = asked.text.lower()
    if word not in {"true", "false"}:
        raise Invalid(f"{asked.field}: '{asked.text}' is neither true nor false")
    return Q(is_declared=True) if word == "true" else Q()


class TenantFilters(FilterSet):
    q = Search("id", "name")
    id = Value("id", flat=None)
    name = Value("name", flat=None)


class NamespaceFilters(FilterSet):
    q = Search("name", "description")
    id = Value("name", flat=None)
    namespace = Namespace("name")
    existing = Custom(_existing_only)
    existingOnly = Custom(_existing_only)  # noqa: N815  # the API's word


class KeyFilters(FilterSet):
    q = Search("key", "description")
    namespace = Namespace()
    key = Value("key", flat=None)
    created = Moment("created")
    updated = Moment("updated")


TENANT_SORT: SortColumns = {"id": "id", "name": "name"}
NAMESPACE_SORT: SortColumns = {"id": "name", "namespace": "name", "description": "description"}
KEY_SORT: SortColumns = {
    "key": "key",
    "namespace": "namespace",
    "description": "description",
    "creationDate": "created",
    "created": "created",
    "updateDate": "updated",
    "updated": "updated",
    "expirationDate": "expiration",
}
