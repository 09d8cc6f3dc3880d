"""Tables of tenants, namespaces, keys and the revisions of namespace files."""

from tenants.models.file_revision import FileRevision
from tenants.models.key_value import KeyValue
from tenants.models.namespace import Namespace
from tenants.models.tenant import Tenant

__all__ = ["FileRevision", "KeyValue", "Namespace", "Tenant"]
