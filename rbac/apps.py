"""The Django app of users and permissions."""

from django.apps import AppConfig

from common.actor import Actor


class RbacConfig(AppConfig):
    name = "rbac"
    label = "rbac"

    def ready(self) -> None:
        from tenants.hooks import register_tenant_part

        register_tenant_part("roles", created=_make_roles, deleted=_remove_grants)


def _make_roles(tenant: str, actor: Actor) -> None:
    from rbac.services import create_managed_roles  # needs the models

    create_managed_roles(actor=actor)


def _remove_grants(tenant: str) -> int:
    from rbac.services import delete_grants  # needs the models

    return delete_grants()
