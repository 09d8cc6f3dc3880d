"""`io.kestra.plugin.core.http.Request`."""

import base64
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from plugins.contracts.failure import TaskFailed
from plugins.contracts.model import Dynamic, Example, Output
from plugins.contracts.run_context import RunContext
from plugins.core.http.options import HttpTask, Options

if TYPE_CHECKING:
    import httpx

_LARGEST = 10 * 1024 * 1024
_TEXT = ("text/", "application/json", "application/xml", "application/x-www-form-urlencoded")


class RequestOutput(Output):
    """What Request leaves behind."""

    uri: str = Field(description="The address that answered.")
    code: int = Field(description="The status code.")
    headers: dict[str, list[str]] = Field(description="The headers of the answer.")
    body: str | None = Field(default=None, description="The body, if it is a text.")
    encoded_body: str | None = Field(
        default=None, description="The body in base64, if it is not a text."
    )


class Request(HttpTask):
    """Make an HTTP call and keep the answer as an output.

    An answer of 400 and above fails the task unless `allowFailed` is true. For large answers use
    `io.kestra.plugin.core.http.Download`."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.http.Request"
    aliases: ClassVar[tuple[str, ...]] = ("io.kestra.plugin.fs.http.Request",)
    output_type: ClassVar[type[Output]] = RequestOutput
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="Ask an API.",
            code="""\
id: http_get
namespace: company.team
tasks:
  - id: products
    type: io.kestra.plugin.core.http.Request
    uri: https://dummyjson.com/products
  - id: show
    type: io.kestra.plugin.core.log.Log
    message: "{{ json(outputs.products.body).total }}"
""",
        ),
        Example(
            title="Send JSON.",
            code="""\
id: http_post
namespace: company.team
tasks:
  - id: create
    type: io.kestra.plugin.core.http.Request
    uri: https://dummyjson.com/products/add
    method: POST
    headers:
      Authorization: "Bearer {{ secret('API_TOKEN') }}"
    body:
      title: "{{ execution.id }}"
""",
        ),
    )

    encrypt_body: Dynamic[bool] = Field(
        default=False, description="Accepted; the body is kept like any output."
    )

    def run(self, context: RunContext) -> RequestOutput:
        limit = self._limit(context)
        with self.answer(context) as response:
            content = _read(response, limit)
            context.metric("response.length", len(content), kind="counter")
            text = _text_of(response, content, (self.options or Options()).default_charset)
            return RequestOutput(
                uri=str(response.url),
                code=response.status_code,
                headers=_headers(response),
                body=text,
                encoded_body=base64.b64encode(content).decode() if text is None else None,
            )

    def _limit(self, context: RunContext) -> int:
        wanted = (self.options or Options()).max_content_length
        return int(context.render(wanted)) if wanted is not None else _LARGEST


def _read(response: "httpx.Response", limit: int) -> bytes:
    found = bytearray()
    for piece in response.iter_bytes():
        found += piece
        if len(found) > limit:
            raise TaskFailed(
                f"The answer is larger than {limit} bytes: use "
                "io.kestra.plugin.core.http.Download, or raise options.maxContentLength"
            )
    return bytes(found)


def _text_of(response: "httpx.Response", content: bytes, charset: str) -> str | None:
    """None for what is not a text."""
    kind = response.headers.get("content-type", "").lower()
    try:
        return content.decode(response.charset_encoding or charset)
    except (UnicodeDecodeError, LookupError):
        is_text = kind.startswith(_TEXT) or "+json" in kind or "+xml" in kind
        return content.decode("utf-8", "replace") if is_text else None


def _headers(response: "httpx.Response") -> dict[str, list[str]]:
    found: dict[str, Any] = {}
    for name, value in response.headers.multi_items():
        found.setdefault(name, []).append(value)
    return found
