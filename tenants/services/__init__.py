"""All that writes tenants, namespaces, keys and namespace files."""

from tenants.services.files import (
    delete_file,
    make_directory,
    move_file,
    upload_file,
)
from tenants.services.key_values import (
    delete_key,
    delete_keys,
    purge_expired_keys,
    set_key,
)
from tenants.services.namespaces import (
    create_namespace,
    delete_namespace,
    ensure_namespace,
    release_namespace,
    update_namespace,
)
from tenants.services.tenants import (
    DeletionReport,
    create_tenant,
    delete_tenant,
    ensure_tenant,
    purge_tenant_data,
    update_tenant,
)

__all__ = [
    "DeletionReport",
    "create_namespace",
    "create_tenant",
    "delete_file",
    "delete_key",
    "delete_keys",
    "delete_namespace",
    "delete_tenant",
    "ensure_namespace",
    "ensure_tenant",
    "make_directory",
    "move_file",
    "purge_expired_keys",
    "purge_tenant_data",
    "release_namespace",
    "set_key",
    "update_namespace",
    "update_tenant",
    "upload_file",
]
