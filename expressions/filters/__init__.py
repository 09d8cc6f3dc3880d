"""All filters by name, one module a family."""

from expressions.filters import data, encoding, lists, numeric, text, times
from expressions.signatures import Callee, by_name

FILTERS: dict[str, Callee] = by_name(
    text.FILTERS, lists.FILTERS, numeric.FILTERS, encoding.FILTERS, data.FILTERS, times.FILTERS
)
