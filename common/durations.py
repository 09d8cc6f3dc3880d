"""ISO 8601 durations, as flows and the API write them."""

from datetime import timedelta

import isodate


def parse_duration(text: str) -> timedelta:
    """`PT1M30S` to a timedelta; a year counts 365 days, a month 30. Raises ValueError."""
    try:
        value = isodate.parse_duration(text)
    except (isodate.ISO8601Error, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"'{text}' is not an ISO 8601 duration such as PT30S or P1D") from error
    if isinstance(value, timedelta):
        return value
    days = float(value.years) * 365 + float(value.months) * 30
    return timedelta(days=days) + timedelta(seconds=value.tdelta.total_seconds())


def format_duration(value: timedelta) -> str:
    """Seconds as `PT5.4S`, minutes and hours as Java prints them: `PT1H2M3.5S`, days as hours."""
    micros = round(value.total_seconds() * 1_000_000)
    if micros == 0:
        return "PT0S"
    sign, micros = ("-", -micros) if micros < 0 else ("", micros)
    seconds, micros = divmod(micros, 1_000_000)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    text = "PT"
    if hours:
        text += f"{sign}{hours}H"
    if minutes:
        text += f"{sign}{minutes}M"
    if seconds or micros:
        fraction = f".{micros:06d}".rstrip("0") if micros else ""
        text += f"{sign}{seconds}{fraction}S"
    return text
