"""How bodies are read and written: JSON through orjson, YAML and text as they came."""

from collections.abc import Iterable, Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from common import json


class JsonRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, *_: Any, **__: Any) -> bytes:
        if data is None:
            return b""
        return data if isinstance(data, bytes) else json.dump_bytes(data)


class JsonParser(BaseParser):
    media_type = "application/json"

    def parse(self, stream: IO[bytes], *_: Any, **__: Any) -> Any:
        return read_json(stream.read())


class AnyJsonParser(JsonParser):
    """JSON whatever the content type, for clients that name none or a wrong one."""

    media_type = "*/*"


class TextParser(BaseParser):
    """The body as text, whatever the content type."""

    media_type = "*/*"

    def parse(self, stream: IO[bytes], *_: Any, **__: Any) -> Any:
        return read_text(stream.read())


class YamlParser(TextParser):
    """A YAML source, byte for byte, as text; reading it is the owner's affair."""

    media_type = "application/x-yaml"


class PlainYamlParser(YamlParser):
    media_type = "application/yaml"


class TextYamlParser(YamlParser):
    media_type = "text/yaml"


class BytesParser(BaseParser):
    """The body as bytes, whatever the content type."""

    media_type = "*/*"

    def parse(self, stream: IO[bytes], *_: Any, **__: Any) -> Any:
        return stream.read()


YAML_PARSERS: list[type[BaseParser]] = [YamlParser, PlainYamlParser, TextYamlParser]
SOURCE_PARSERS: list[type[BaseParser]] = [*YAML_PARSERS, JsonParser, TextParser]
"""For sources: `request.data` is text, or an object if JSON came."""


class NoNegotiation(BaseContentNegotiation):
    """Never 406: whatever a client accepts, it gets what the view gives."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        parsers = list(parsers)
        wanted = (request.content_type or "").partition(";")[0].strip().lower()
        for parser in parsers:
            if parser.media_type == wanted or _is_json(parser, wanted):
                return parser
        return next((parser for parser in parsers if parser.media_type == "*/*"), None)

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


def _is_json(parser: BaseParser, wanted: str) -> bool:
    return parser.media_type == "application/json" and wanted.endswith("+json")


def read_json(body: bytes) -> Any:
    """Raises ParseError: 422 'Invalid json mapping'. An empty body is an empty object."""
    if not body.strip():
        return {}
    try:
        return json.loads(body)
    except ValueError as error:
        raise ParseError(str(error)) from error


def read_text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ParseError(f"the body is not UTF-8 at byte {error.start}") from error


def compact(shape: Mapping[str, Any]) -> dict[str, Any]:
    """Without the properties that have no value: the API leaves them out, never sends null."""
    return {name: value for name, value in shape.items() if value is not None}
