"""Tenants, namespaces, the key-value store and namespace files."""
