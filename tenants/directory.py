"""The frame's directory of tenants, out of the database."""

from common.actor import Actor
from tenants.models import Tenant
from tenants.services.tenants import ensure_tenant


class StoredTenants:
    """What `rest.directory` asks for."""

    def exists(self, tenant: str) -> bool:
        return Tenant.objects.filter(pk=tenant).exists()

    def names(self) -> dict[str, str]:
        return dict(Tenant.objects.order_by("id").values_list("id", "name"))

    def create_tenant(self, *, actor: Actor, id: str, name: str) -> None:  # noqa: A002  # the API's word
        ensure_tenant(actor=actor, id=id, name=name)
