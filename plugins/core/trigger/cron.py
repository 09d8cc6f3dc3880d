"""Cron expressions: which are valid. croniter is imported with the first of them."""

from plugins.contracts.model import fault

ALIASES = frozenset(
    ("@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually")
)
_FIELDS = 5


def check_cron(text: str, *, with_seconds: bool) -> None:
    """Raises a ValidationError at `cron`."""
    from croniter import croniter

    expression = text.strip()
    if expression.startswith("@"):
        if expression.lower() not in ALIASES:
            raise fault(f"'{text}' is none of {', '.join(sorted(ALIASES))}", "cron", value=text)
        return
    wanted = _FIELDS + with_seconds
    found = len(expression.split())
    if found != wanted:
        hint = "; set withSeconds: true for six fields" if found == _FIELDS + 1 else ""
        raise fault(
            f"a cron expression has {wanted} fields, '{text}' has {found}{hint}",
            "cron",
            value=text,
        )
    if not croniter.is_valid(expression, second_at_beginning=with_seconds):
        raise fault(f"'{text}' is not a cron expression such as 0 9 * * 1-5", "cron", value=text)
