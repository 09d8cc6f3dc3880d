"""The Django app of tenants, namespaces, keys and namespace files."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"
    label = "tenants"

    def ready(self) -> None:
        from rest.directory import register_directory
        from tenants.directory import StoredTenants  # needs the models

        register_directory(StoredTenants())
