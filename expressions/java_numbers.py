"""Numbers as Java prints and reads them."""

import math
import re
from decimal import Decimal

from expressions.context import fail

_INTEGER = re.compile(r"([+-]?)(?:(?:0[xX]|#)([0-9a-fA-F]+)|0([0-9]+)|([0-9]+))\Z", re.ASCII)
_REAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\Z", re.ASCII)
_INT_BITS = 31
_LONG_BITS = 63


def double_text(value: float) -> str:
    """Always with a dot; from 1e7 on and below 1e-3 with an exponent."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    size = abs(value)
    if size == 0 or 1e-3 <= size < 1e7:
        return repr(value)
    _, digits, exponent = Decimal(repr(size)).normalize().as_tuple()
    assert isinstance(exponent, int)
    text = "".join(map(str, digits))
    power = exponent + len(text) - 1
    return f"{'-' if value < 0 else ''}{text[0]}.{text[1:] or '0'}E{power}"


def decimal_text(value: Decimal) -> str:
    return format(value, "f") if value.is_finite() else str(value)


def parse_integer(text: str, bits: int | None = None) -> int:
    """Decimal, `0x…` and `#…` hexadecimal, octal after a leading 0. Fails beyond `bits`."""
    found = _INTEGER.match(text)
    if found is None:
        fail("the text is not an integer")
    sign, hexadecimal, octal, decimal = found.groups()
    base = 16 if hexadecimal else 8 if octal else 10
    try:
        value = int(sign + (hexadecimal or octal or decimal), base)
    except ValueError:
        fail("the text is not an integer")
    if bits is not None and not -(1 << bits) <= value < 1 << bits:
        fail(f"the integer does not fit in {bits + 1} bits")
    return value


def parse_int(text: str) -> int:
    return parse_integer(text, _INT_BITS)


def parse_long(text: str) -> int:
    return parse_integer(text, _LONG_BITS)


def parse_double(text: str) -> float:
    """As Java: white space around is fine, so is a trailing `f` or `d`."""
    stripped = text.strip()
    if stripped in ("NaN", "Infinity", "-Infinity", "+Infinity"):
        return float(stripped)
    if stripped[-1:] in tuple("fFdD"):
        stripped = stripped[:-1]
    if not _REAL.match(stripped):
        fail("the text is not a number")
    return float(stripped)


def parse_decimal(text: str) -> Decimal:
    if not _REAL.match(text):
        fail("the text is not a number")
    return Decimal(text)


def parse_any(text: str) -> int | float:
    """The form decides: an integer, else a floating point number; `12L`, `1.5f` as in Java."""
    if _INTEGER.match(text):
        return parse_integer(text)
    if text[-1:] in ("l", "L"):
        return parse_integer(text[:-1])
    if text != text.strip():
        fail("the text is not a number")
    value = parse_double(text)
    if not math.isfinite(value):
        fail("the text is not a number")
    return value
