"""JSON text to values, strictly: no NaN, nothing after the value."""

import json
from typing import Any, Never

from expressions.context import fail


def _refuse(constant: str) -> Never:
    raise ValueError(f"{constant} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse)


def parse_json(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except ValueError as error:
        place = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        return fail(f"the text is not JSON{place}")
    except RecursionError:
        return fail("the JSON is nested too deeply")
