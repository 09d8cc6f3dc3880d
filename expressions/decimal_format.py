"""Numbers by a pattern of Java's DecimalFormat, half-even on the exact binary value."""

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache
from typing import Any

from expressions.arguments import need_number, need_string
from expressions.context import RenderContext, fail
from expressions.values import Number

_DIGITS = frozenset("0#")
_BODY = frozenset("0#,.")
_PRECISION = 5_000
_DEFAULT = "#,##0.###"


@dataclass(frozen=True, slots=True)
class Pattern:
    prefix: str
    suffix: str
    negative: tuple[str, str] | None
    grouping: int
    least_integer: int
    least_fraction: int
    most_fraction: int
    most_integer: int
    exponent: int
    shift: int


def number_format(context: RenderContext, value: Any, pattern: Any = None) -> str:
    if pattern is not None:
        need_string(pattern, "the format")
    return format_number(need_number(value), pattern or _DEFAULT)


def format_number(value: Number, pattern: str) -> str:
    form = _parse(pattern)
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    is_negative = math.copysign(1, value) < 0 if isinstance(value, float) else value < 0
    if isinstance(value, float) and math.isinf(value):
        body = "∞"
    else:
        # Java multiplies doubles by 100 for a percentage before it looks at their exact value.
        shifted = Decimal(value * 10**form.shift if form.shift else value)
        body = _body(abs(shifted), form)
    if not is_negative:
        return form.prefix + body + form.suffix
    prefix, suffix = form.negative or ("-" + form.prefix, form.suffix)
    return prefix + body + suffix


def _body(value: Decimal, form: Pattern) -> str:
    if form.exponent:
        return _scientific(value, form)
    integer, fraction = _rounded(value, form.most_fraction)
    fraction = fraction.rstrip("0").ljust(form.least_fraction, "0")
    integer = integer.lstrip("0").rjust(form.least_integer, "0")
    if not integer and not fraction:
        integer = "0"
    grouped = _grouped(integer, form.grouping)
    return f"{grouped}.{fraction}" if fraction else grouped


def _rounded(value: Decimal, places: int) -> tuple[str, str]:
    unit = Decimal(1).scaleb(-places)
    rounded = value.quantize(unit, rounding=ROUND_HALF_EVEN, context=Context(_PRECISION))
    integer, _, fraction = format(rounded, "f").partition(".")
    return integer, fraction


def _scientific(value: Decimal, form: Pattern) -> str:
    """Where more integer digits are allowed than needed, the exponent is a multiple of the most,
    and the pattern's digits count as significant ones."""
    power = value.adjusted() if value else 0
    places = form.most_fraction
    step = form.most_integer
    if step > max(form.least_integer, 1):
        digits = power % step + 1
        power -= digits - 1
        places = max(form.least_integer + form.most_fraction - digits, 0)
    elif value:
        power -= form.least_integer - 1
    integer, fraction = _rounded(value.scaleb(-power, Context(_PRECISION)), places)
    fraction = fraction.rstrip("0").ljust(form.least_fraction, "0")
    sign = "-" if power < 0 else ""
    exponent = str(abs(power)).rjust(form.exponent, "0")
    mantissa = integer.lstrip("0").rjust(max(form.least_integer, 1), "0")
    return f"{mantissa}{'.' + fraction if fraction else ''}E{sign}{exponent}"


def _grouped(integer: str, size: int) -> str:
    if not size:
        return integer
    first = len(integer) % size
    groups = [integer[:first]] if first else []
    groups += [integer[start : start + size] for start in range(first, len(integer), size)]
    return ",".join(groups)


@lru_cache(maxsize=256)
def _parse(pattern: str) -> Pattern:
    positive, semicolon, negative = _split_unquoted(pattern)
    prefix, body, suffix, shift = _affixes(positive)
    around = None
    if semicolon:
        first, _, last, _ = _affixes(negative)
        around = (first, last)
    number, _, exponent = body.partition("E")
    if exponent.strip("0"):
        fail("the number format has a malformed exponent")
    grouping, integers, zeros, fraction_zeros, fraction = _counts(number)
    return Pattern(
        prefix, suffix, around, grouping, zeros, fraction_zeros, fraction, integers,
        len(exponent), shift,
    )  # fmt: skip


def _split_unquoted(pattern: str) -> tuple[str, bool, str]:
    quoted = False
    for index, letter in enumerate(pattern):
        if letter == "'":
            quoted = not quoted
        elif letter == ";" and not quoted:
            return pattern[:index], True, pattern[index + 1 :]
    return pattern, False, ""


def _affixes(pattern: str) -> tuple[str, str, str, int]:
    """Prefix, digits, suffix, and the power of ten by which percent shifts."""
    prefix, start, shift = _affix(pattern, 0, stops=True)
    end = start
    while end < len(pattern) and (pattern[end] in _BODY or _is_exponent(pattern, end)):
        end += 1
    if end > start and pattern[end : end + 1] == "E":
        fail("the number format has a malformed exponent")
    suffix, _, more = _affix(pattern, end, stops=False)
    if not _DIGITS & set(pattern[start:end]):
        # A pattern without digits prints its text around the plain integer part.
        return prefix, pattern[start:end] or "#", suffix, shift + more
    return prefix, pattern[start:end], suffix, shift + more


def _is_exponent(pattern: str, at: int) -> bool:
    return pattern[at] == "E" and pattern[at + 1 : at + 2] == "0"


def _affix(pattern: str, start: int, *, stops: bool) -> tuple[str, int, int]:
    text, shift, quoted = "", 0, False
    index = start
    while index < len(pattern):
        letter = pattern[index]
        if letter == "'":
            if pattern[index + 1 : index + 2] == "'":
                text += "'"
                index += 1
            else:
                quoted = not quoted
        elif quoted:
            text += letter
        elif letter in _BODY:
            if stops:
                break
            fail(f"the number format has an unquoted '{letter}' after its digits")
        else:
            shift += {"%": 2, "‰": 3}.get(letter, 0)
            text += "$" if letter == "¤" else letter
        index += 1
    if quoted:
        fail("the number format has a quote that is not closed")
    return text, index, shift


def _counts(number: str) -> tuple[int, int, int, int, int]:
    """Group size, most and least integer digits, least and most fraction digits."""
    integer, dot, fraction = number.partition(".")
    grouping = len(integer) - 1 - integer.rfind(",") if "," in integer else 0
    digits = integer.replace(",", "")
    is_ordered = "0#" not in digits and "#0" not in fraction
    if "," in fraction or "." in fraction or not is_ordered or ("," in integer and not grouping):
        fail(f"the number format has malformed digits: {number}")
    zeros, fraction_zeros = digits.count("0"), fraction.count("0")
    if dot and not zeros and not fraction_zeros:
        # `#.##` keeps one integer digit, `.##` one of the fraction.
        if digits:
            zeros = 1
        else:
            fraction_zeros = 1
    return grouping, len(digits), zeros, fraction_zeros, len(fraction)
