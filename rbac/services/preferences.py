"""Writing preferences. They say nothing about rights and harm nobody, so the audit log has no line
of them."""

from dataclasses import asdict
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction

from common.errors import Invalid, Violation
from rbac.models import UserPreferences
from rbac.preferences import THEMES, Preferences


@transaction.atomic
def set_preferences(
    *,
    account: int,
    theme: str | None = None,
    language: str | None = None,
    time_zone: str | None = None,
) -> Preferences:
    """Of the user with that primary key. What is None stays; Invalid for an unknown word."""
    given = {"theme": theme, "language": language, "time_zone": time_zone}
    changes = {name: value for name, value in given.items() if value is not None}
    _check(changes)
    row, _ = UserPreferences.objects.select_for_update().get_or_create(user_id=account)
    chosen = Preferences.from_stored({**row.values, **changes})
    row.values = {**row.values, **asdict(chosen)}
    row.save(update_fields=["values"])
    return chosen


def _check(changes: dict[str, str]) -> None:
    violations = []
    if changes.get("theme", THEMES[0]) not in THEMES:
        violations.append(Violation(f"is none of {', '.join(THEMES)}", "theme"))
    languages = [code for code, _ in settings.LANGUAGES]
    if changes.get("language") and changes["language"] not in languages:
        violations.append(Violation(f"is none of {', '.join(languages)}", "language"))
    zone = changes.get("time_zone")
    if zone and zone not in available_timezones():
        violations.append(Violation("is no zone of the time zone database", "time_zone"))
    if violations:
        raise Invalid(violations=violations)
