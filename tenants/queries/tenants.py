"""Reading tenants."""

from django.db.models import Q, QuerySet

from tenants.errors import TenantNotFound
from tenants.models import Tenant


def find_tenant(tenant: str) -> Tenant:
    """Raises TenantNotFound."""
    row = Tenant.objects.filter(pk=tenant).first()
    if row is None:
        raise TenantNotFound(f"Tenant '{tenant}' does not exist", tenant=tenant)
    return row


def listed_tenants(*, q: str = "") -> QuerySet[Tenant]:
    """Tenants with that text in id or name."""
    rows = Tenant.objects.all()
    return rows.filter(Q(id__icontains=q) | Q(name__icontains=q)) if q else rows
