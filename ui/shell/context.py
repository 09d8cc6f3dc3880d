"""What the templates of the shell are given as `shell`; asked for when it is drawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.conf import settings
from django.http import HttpRequest

from common import json
from rbac.preferences import Preferences
from rbac.queries import tenants_of, user_of
from rbac.rights import rights_of
from rest.csrf import token_of
from rest.gate import identity_of, tenant_of
from rest.permissions import Declaration, Permission
from ui.areas import Entry, all_entries
from ui.messages import pending_toasts
from ui.personal import preferences_for, sidebar_of


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the sidebar as this caller sees it."""

    title: str
    url: str
    icon: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class TenantLink:
    id: str
    name: str
    url: str
    is_current: bool


class Shell:
    """`has_frame`: somebody is signed in, and in a tenant that he may enter."""

    product = "kestra-site"

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._identity = identity_of(request)
        self.tenant = tenant_of(request) or ""
        self.base = f"/ui/{self.tenant}" if self.tenant else "/ui"

    @cached_property
    def has_frame(self) -> bool:
        if not (self._identity.is_authenticated and self.tenant):
            return False
        return rights_of(self._identity.actor, self.tenant).has_access

    @cached_property
    def is_signed_in(self) -> bool:
        return self._identity.is_authenticated

    @property
    def preferences(self) -> Preferences:
        return preferences_for(self._request)

    @property
    def sidebar(self) -> str:
        return sidebar_of(self._request)

    @property
    def languages(self) -> list[tuple[str, str]]:
        return list(settings.LANGUAGES)

    @cached_property
    def user_name(self) -> str:
        return user_of(self._identity).display_name

    @cached_property
    def user_email(self) -> str:
        return user_of(self._identity).username

    @property
    def initials(self) -> str:
        words = self.user_name.replace("@", " ").replace(".", " ").split()
        return "".join(word[0] for word in words[:2]).upper()

    @cached_property
    def groups(self) -> list[tuple[str, list[Line]]]:
        """Title and lines; without lines that the caller may not open."""
        seen = [entry for entry in all_entries() if self.may_open(entry.declared)]
        return [
            (str(title), [self._line(entry) for entry in entries])
            for title, entries in groupby(seen, key=lambda entry: entry.group)
        ]

    @cached_property
    def tenants(self) -> list[TenantLink]:
        """With the address of this page in each, as far as the page is one of the sidebar's."""
        current = (line.url for line in self._lines() if line.is_current)
        path = next(current, f"{self.base}/").removeprefix(self.base)
        return [
            TenantLink(id, name, f"/ui/{id}{path}", id == self.tenant)
            for id, name in tenants_of(self._identity.actor).items()  # noqa: A001  # the API's word
        ]

    @property
    def tenant_name(self) -> str:
        return next((each.name for each in self.tenants if each.is_current), self.tenant)

    @property
    def palette_icons(self) -> list[str]:
        """What the palette's finds may be drawn with: the icons of the sidebar."""
        return sorted({entry.icon for entry in all_entries()})

    @property
    def toasts(self) -> str:
        """Those that came with an earlier page, as JSON."""
        return json.dumps(pending_toasts(self._request))

    @property
    def csrf_token(self) -> str:
        return token_of(self._request)

    def may_open(self, declared: Declaration) -> bool:
        if not isinstance(declared, Permission):
            return True
        rights = rights_of(self._identity.actor, self.tenant)
        return any(rights.allows(declared.resource, action) for action in declared.actions)

    def _lines(self) -> Iterator[Line]:
        for _, lines in self.groups:
            yield from lines

    def _line(self, entry: Entry) -> Line:
        url, path = f"{self.base}/{entry.path}", self._request.path
        is_current = path == url or path.startswith(f"{url}/")
        return Line(str(entry.title), url, entry.icon, is_current)
