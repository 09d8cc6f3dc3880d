"""All functions by name, one module a family."""

from expressions.functions import chance, crypto, data, numeric, rendering, stored, times
from expressions.signatures import Callee, by_name

FUNCTIONS: dict[str, Callee] = by_name(
    chance.FUNCTIONS,
    crypto.FUNCTIONS,
    data.FUNCTIONS,
    numeric.FUNCTIONS,
    rendering.FUNCTIONS,
    stored.FUNCTIONS,
    times.FUNCTIONS,
)
