"""What a caller may do, compiled from his bindings and kept in memory.

An entry carries the version of the user's rights; every change raises it. The version comes for
free with each sign-in from the database, and is asked for again after a few seconds."""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from common.actor import Actor
from common.tenancy import tenant_scope
from rbac.models import Binding, RolePermission, TenantAccess, User
from rbac.vocabulary import ADMINISTRATION, NAMESPACED, Pair
from rest.directory import tenant_directory
from rest.permissions import ANY_ACTION

WHOLE_TENANT = "*"
"""As a namespace: only a binding to the whole tenant will do."""
_TRUSTED_SECONDS = 5.0
_MAXIMUM_ENTRIES = 5_000


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a permission holds: everywhere in the tenant, or in namespaces and all below them."""

    is_everywhere: bool = False
    namespaces: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.is_everywhere or bool(self.namespaces)

    def covers(self, namespace: str) -> bool:
        if self.is_everywhere:
            return True
        return any(
            namespace == reached or namespace.startswith(f"{reached}.")
            for reached in self.namespaces
        )

    def to_q(self, column: str = "namespace") -> Q:
        """The rows that may be seen; none if there is no reach."""
        if self.is_everywhere:
            return Q()
        found = Q(pk__in=[])
        for reached in sorted(self.namespaces):
            found |= Q(**{column: reached}) | Q(**{f"{column}__startswith": f"{reached}."})
        return found

    def joined(self, other: "Reach") -> "Reach":
        if self.is_everywhere or other.is_everywhere:
            return EVERYWHERE
        namespaces = self.namespaces | other.namespaces
        return Reach(namespaces=frozenset(n for n in namespaces if not _has_parent(n, namespaces)))


EVERYWHERE = Reach(is_everywhere=True)
NOWHERE = Reach()


@dataclass(frozen=True, slots=True)
class Rights:
    """Everything that one caller may do in one tenant."""

    has_access: bool = False
    may_everything: bool = False
    reaches: Mapping[Pair, Reach] = field(default_factory=dict)

    def reach(self, resource: str, action: str) -> Reach:
        if self.may_everything:
            return EVERYWHERE
        if action != ANY_ACTION:
            return self.reaches.get((resource, action), NOWHERE)
        found = NOWHERE
        for pair, reach in self.reaches.items():
            if pair[0] == resource:
                found = found.joined(reach)
        return found

    def allows(self, resource: str, action: str, namespace: str | None = None) -> bool:
        reach = self.reach(resource, action)
        if namespace is None or resource not in NAMESPACED:
            return bool(reach)
        return reach.is_everywhere if namespace == WHOLE_TENANT else reach.covers(namespace)


@dataclass(frozen=True, slots=True)
class _Entry:
    rights: Rights
    version: int
    checked: float


class RightsCache:
    """Compiled rights by caller and tenant, the least used thrown out first."""

    def __init__(self) -> None:
        self._entries: OrderedDict[tuple[str, str], _Entry] = OrderedDict()
        self._versions: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def note_version(self, actor_id: str, version: int) -> None:
        """What a sign-in read just now."""
        with self._lock:
            if len(self._versions) > _MAXIMUM_ENTRIES:
                self._versions.clear()
            self._versions[actor_id] = (version, time.monotonic())

    def recall(self, actor_id: str, tenant: str) -> Rights | None:
        """Rights that were found current within the last few seconds."""
        with self._lock:
            entry = self._entries.get((actor_id, tenant))
            if entry is None:
                return None
            version, noted = self._versions.get(actor_id, (entry.version, entry.checked))
            if version != entry.version:
                return None
            if time.monotonic() - max(noted, entry.checked) > _TRUSTED_SECONDS:
                return None
            self._entries.move_to_end((actor_id, tenant))
            return entry.rights

    def keep(self, actor_id: str, tenant: str, rights: Rights, version: int) -> None:
        with self._lock:
            now = time.monotonic()
            self._entries[(actor_id, tenant)] = _Entry(rights, version, now)
            self._versions[actor_id] = (version, now)
            while len(self._entries) > _MAXIMUM_ENTRIES:
                self._entries.popitem(last=False)

    def forget(self) -> None:
        with self._lock:
            self._entries.clear()
            self._versions.clear()


cache = RightsCache()


def rights_of(actor: Actor, tenant: str) -> Rights:
    """From memory, else compiled. What the engine and the command line do needs no rights."""
    if not actor.is_authenticated:
        return Rights()
    known = cache.recall(actor.id, tenant)
    if known is not None:
        return known
    if actor.is_super_admin:
        version = _version_of(actor.id) or 0
        rights = Rights(has_access=tenant_directory().exists(tenant), may_everything=True)
    else:
        rights, version = _compile(actor.id, tenant)
    if rights.has_access:  # a tenant may be made, access given, at any moment
        cache.keep(actor.id, tenant, rights, version)
    return rights


def recall_rights(actor: Actor, tenant: str) -> Rights | None:
    """Without the database."""
    return cache.recall(actor.id, tenant)


def _version_of(public_id: str) -> int | None:
    users = User.objects.filter(public_id=public_id, is_active=True)
    return users.values_list("rights_version", flat=True).first()


def _compile(public_id: str, tenant: str) -> tuple[Rights, int]:
    """The version is read first: a change in between is then found by the next comparison."""
    row = User.objects.filter(public_id=public_id, is_active=True).values_list(
        "pk", "rights_version"
    )
    found = row.first()
    if found is None or not tenant_directory().exists(tenant):
        return Rights(), 0
    user, version = found
    with tenant_scope(tenant):
        bindings = list(bindings_of_user(user).values_list("role_id", "namespace"))
        has_access = bool(bindings) or TenantAccess.objects.filter(user=user).exists()
        rights = RolePermission.objects.filter(role__in={role for role, _ in bindings})
        listed = list(rights.values_list("role_id", "resource", "action"))
    return Rights(has_access=has_access, reaches=_reaches(bindings, listed)), version


def bindings_of_user(user: int) -> QuerySet[Binding]:
    """His own and those of his groups, in the current tenant."""
    return Binding.objects.filter(Q(user=user) | Q(group__memberships__user=user)).distinct()


def _reaches(
    bindings: Iterable[tuple[int, str]], listed: Iterable[tuple[int, str, str]]
) -> dict[Pair, Reach]:
    by_role: dict[int, Reach] = {}
    for role, namespace in bindings:
        reach = Reach(namespaces=frozenset({namespace})) if namespace else EVERYWHERE
        by_role[role] = by_role.get(role, NOWHERE).joined(reach)
    reaches: dict[Pair, Reach] = {}
    for role, resource, action in listed:
        reach = by_role[role]
        if resource in ADMINISTRATION and not reach.is_everywhere:
            continue
        reaches[resource, action] = reaches.get((resource, action), NOWHERE).joined(reach)
    return reaches


def _has_parent(namespace: str, among: Iterable[str]) -> bool:
    return any(namespace.startswith(f"{other}.") for other in among)
