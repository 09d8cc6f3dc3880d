"""What the set-up page says about this server before anybody uses it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Check:
    """`state` is a word of `ui.states`: SUCCESS, WARNING or FAILED."""

    title: str
    detail: str
    state: str = "SUCCESS"


def check_configuration() -> list[Check]:
    return [_database(), _storage(), _secrets(), _address()]


def _database() -> Check:
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(
        connection.vendor, connection.vendor
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return Check(_("Database"), f"{name}: {error}", "FAILED")
    if settings.KESTRA_IS_EMBEDDED:
        return Check(_("Database"), _("SQLite in the data folder: for one machine"))
    return Check(_("Database"), name)


def _storage() -> Check:
    chosen: dict[str, Any] = settings.KESTRA_STORAGE
    place = chosen["options"].get("base-path", "")
    told = f"{chosen['type']}: {place}" if place else chosen["type"]
    if place and not _is_writable(Path(place)):
        return Check(_("Internal storage"), _("%s cannot be written") % told, "FAILED")
    return Check(_("Internal storage"), told)


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".written-by-the-set-up"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError:
        return False
    return True


def _secrets() -> Check:
    if not settings.KESTRA_ENCRYPTION_KEYS:
        told = _("no key: set kestra.encryption.secret-key")
        return Check(_("Encryption of secrets"), told, "FAILED")
    return Check(_("Encryption of secrets"), _("a key is set; keep a copy of it"))


def _address() -> Check:
    url = settings.KESTRA_URL
    if url.startswith("https://") or settings.KESTRA_IS_EMBEDDED:
        return Check(_("Address"), url)
    told = _("%s: put HTTPS in front before others use it, and set kestra.url") % url
    return Check(_("Address"), told, "WARNING")
