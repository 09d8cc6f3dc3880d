"""All that reads tenants, namespaces, keys and namespace files."""

from tenants.queries.files import (
    directory_of,
    export_of,
    file_attributes,
    file_revisions,
    open_file,
    search_files,
)
from tenants.queries.key_values import (
    get_key,
    has_key,
    inherited_keys,
    keys_of,
    keys_with_prefix,
    listed_keys,
    read_key,
)
from tenants.queries.namespaces import (
    find_namespace,
    inherited_variables,
    is_allowed_namespace,
    listed_namespaces,
    merged_variables,
    namespace_names,
    plugin_defaults_of,
    require_allowed_namespace,
)
from tenants.queries.tenants import find_tenant, listed_tenants

__all__ = [
    "directory_of",
    "export_of",
    "file_attributes",
    "file_revisions",
    "find_namespace",
    "find_tenant",
    "get_key",
    "has_key",
    "inherited_keys",
    "inherited_variables",
    "is_allowed_namespace",
    "keys_of",
    "keys_with_prefix",
    "listed_keys",
    "listed_namespaces",
    "listed_tenants",
    "merged_variables",
    "namespace_names",
    "open_file",
    "plugin_defaults_of",
    "read_key",
    "require_allowed_namespace",
    "search_files",
]
