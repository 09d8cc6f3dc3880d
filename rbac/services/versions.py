"""Raising the version of rights, which drops what processes have compiled."""

from django.db import transaction
from django.db.models import F, Q, QuerySet

from rbac import authentication, rights
from rbac.models import Role, User


def raise_versions(users: QuerySet[User]) -> None:
    """Inside the transaction of the change. This process forgets at once when it commits, others
    when they next compare the version."""
    users.update(rights_version=F("rights_version") + 1)
    transaction.on_commit(_forget)


def holders_of_role(role: Role) -> QuerySet[User]:
    direct = Q(pk__in=role.bindings.values("user"))
    through_group = Q(pk__in=role.bindings.values("group__memberships__user"))
    return User.objects.filter(direct | through_group)


def _forget() -> None:
    rights.cache.forget()
    authentication.recent.forget()
