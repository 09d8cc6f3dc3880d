"""The REST API of tenants, namespaces, keys and namespace files."""
