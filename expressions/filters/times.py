"""Filters on dates: printing, adding, epoch numbers."""

from expressions.signatures import at_first_use, define_filter

_OPERATIONS = "expressions.dates.operations"
_PRINTING = "format timeZone existingFormat locale"
_READING = "timeZone existingFormat"

FILTERS = (
    define_filter("date", at_first_use(_OPERATIONS, "date"), _PRINTING),
    define_filter("dateAdd", at_first_use(_OPERATIONS, "date_add"), f"amount! unit! {_PRINTING}"),
    define_filter("timestamp", at_first_use(_OPERATIONS, "timestamp"), _READING),
    define_filter("timestampMicro", at_first_use(_OPERATIONS, "timestamp_micro"), _READING),
    define_filter("timestampNano", at_first_use(_OPERATIONS, "timestamp_nano"), _READING),
)
