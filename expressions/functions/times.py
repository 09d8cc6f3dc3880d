"""The current time."""

from expressions.signatures import at_first_use, define_function

FUNCTIONS = (
    define_function(
        "now",
        at_first_use("expressions.dates.operations", "now"),
        "format timeZone existingFormat locale",
    ),
)
