"""Filters that encode: base 64, URL form, digests."""

import base64
import binascii
import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus, unquote_to_bytes

from expressions.arguments import need_string
from expressions.context import RenderContext, fail
from expressions.printing import plain
from expressions.signatures import define_filter


def base64_encode(context: RenderContext, value: Any) -> str:
    data = value if isinstance(value, bytes) else plain(context, value).encode()
    return base64.b64encode(data).decode()


def base64_decode(context: RenderContext, value: Any) -> str:
    text = need_string(value)
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        fail("the input is not base 64")
    return data.decode(errors="replace")


def url_encode(context: RenderContext, value: Any) -> str:
    # Java's form encoding keeps the asterisk and escapes the tilde.
    return quote_plus(plain(context, value), safe="*").replace("~", "%7E")


def url_decode(context: RenderContext, value: Any) -> str:
    text = need_string(value).replace("+", " ")
    for start in (index for index, letter in enumerate(text) if letter == "%"):
        if len(text) < start + 3 or not set(text[start + 1 : start + 3]) <= _HEX:
            fail("the input has a '%' that two hexadecimal digits do not follow")
    return unquote_to_bytes(text).decode(errors="replace")


_HEX = frozenset("0123456789abcdefABCDEF")


def _digest(algorithm: str) -> Callable[[RenderContext, Any], str]:
    def digest(context: RenderContext, value: Any) -> str:
        data = need_string(value).encode()
        return hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()

    return digest


FILTERS = (
    define_filter("base64encode", base64_encode),
    define_filter("base64decode", base64_decode),
    define_filter("urlencode", url_encode),
    define_filter("urldecode", url_decode),
    *(define_filter(name, _digest(name)) for name in ("md5", "sha1", "sha256", "sha512")),
)
