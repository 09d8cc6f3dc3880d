"""Properties that the HTTP tasks share, and the call itself. httpx is imported at first use."""

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from common.durations import parse_duration
from common.json import dumps
from plugins.contracts.failure import TaskFailed
from plugins.contracts.model import OLDER, Dynamic, PluginPart, Text
from plugins.contracts.run_context import RunContext
from plugins.contracts.task import Duration, RunnableTask
from plugins.core.http.interruption import Interruption
from plugins.core.http.multipart import form_parts
from plugins.optional import load

if TYPE_CHECKING:
    import httpx

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"]
_CONNECT_SECONDS = 30.0
_READ_SECONDS = 300.0


class Timeouts(PluginPart):
    """How long to wait."""

    connect_timeout: Dynamic[Duration] | None = Field(
        default=None, description="For the connection; 30 s when absent."
    )
    read_idle_timeout: Dynamic[Duration] | None = Field(
        default=None, description="For the next piece of the answer; 5 minutes when absent."
    )


class Ssl(PluginPart):
    """Whom to trust."""

    insecure_trust_all_certificates: Dynamic[bool] = Field(
        default=False, description="Whether the server's certificate is left unchecked."
    )


class Auth(PluginPart):
    """Who we are: `BASIC` with user and password, `BEARER` with a token."""

    type: Literal["BASIC", "BEARER"]
    username: Text | None = None
    password: Text | None = None
    token: Text | None = None


class Options(PluginPart):
    """How the call is made."""

    timeout: Timeouts | None = None
    connect_timeout: Dynamic[Duration] | None = Field(default=None, json_schema_extra=OLDER)
    read_timeout: Dynamic[Duration] | None = Field(default=None, json_schema_extra=OLDER)
    read_idle_timeout: Dynamic[Duration] | None = Field(default=None, json_schema_extra=OLDER)
    connection_pool_idle_timeout: Any = Field(default=None, json_schema_extra=OLDER)
    max_content_length: Dynamic[int] | None = Field(
        default=None, description="Most bytes of an answer that are kept as an output."
    )
    follow_redirects: Dynamic[bool] = Field(
        default=True, description="Whether a redirection is followed."
    )
    allow_failed: Dynamic[bool] = Field(
        default=False, description="Whether an answer of 400 and above is a success."
    )
    allowed_response_codes: tuple[int, ...] | None = Field(
        default=None, description="Codes that count as a success; all others fail."
    )
    default_charset: Text = Field(default="UTF-8", description="Where the answer names none.")
    auth: Auth | None = None
    basic_auth_user: Text | None = Field(default=None, json_schema_extra=OLDER)
    basic_auth_password: Text | None = Field(default=None, json_schema_extra=OLDER)
    ssl: Ssl | None = None
    proxy: dict[str, Any] | None = Field(
        default=None, description="`address`, `port`, `username`, `password`."
    )
    log_level: Any = Field(default=None, json_schema_extra=OLDER)
    logs: Any = Field(default=None, description="Accepted.")


class HttpTask(RunnableTask):
    """A task that makes one HTTP call."""

    uri: Text = Field(min_length=1, description="The address; rendered.")
    method: Dynamic[Method] = Field(default="GET", description="The method.")
    params: dict[str, Any] | None = Field(default=None, description="Added to the address.")
    headers: dict[str, Any] | None = Field(default=None, description="Headers of the request.")
    body: Any = Field(
        default=None, description="The body: a text, or a map or list that is sent as JSON."
    )
    form_data: dict[str, Any] | None = Field(
        default=None,
        description="Fields of a form; an address in internal storage sends that file.",
    )
    content_type: Text | None = Field(default=None, description="The type of the body.")
    options: Options | None = Field(default=None, description="How the call is made.")
    allow_failed: Dynamic[bool] = Field(
        default=False, description="Whether an answer of 400 and above is a success."
    )
    ssl_options: Ssl | None = Field(
        default=None, description="Older form of options.ssl.", json_schema_extra=OLDER
    )

    # What a name of a file is made of when the answer gives none.
    user_agent: ClassVar[str] = "kestra-site"

    @contextmanager
    def answer(self, context: RunContext) -> Iterator["httpx.Response"]:
        """The answer, its body still unread. Raises TaskFailed for a failure to connect and for
        an answer that is none of those wanted. A kill closes the connection."""
        httpx = load("httpx", extra="http")
        options = self.options or Options()
        arguments = self._arguments(context)
        interruption = Interruption()
        context.on_kill(interruption.kill)
        arguments["extensions"] = {"trace": interruption.trace}
        with httpx.Client(**self._client_arguments(context, options)) as client:
            try:
                with client.stream(**arguments) as response:
                    self._check(context, options, response)
                    yield response
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
                if context.is_killed:
                    raise TaskFailed("The call was killed") from error
                raise TaskFailed(_reason(arguments, error)) from error

    def _client_arguments(self, context: RunContext, options: Options) -> dict[str, Any]:
        httpx = load("httpx", extra="http")
        timeout = options.timeout or Timeouts()
        connect = timeout.connect_timeout or options.connect_timeout
        read = timeout.read_idle_timeout or options.read_idle_timeout or options.read_timeout
        ssl = options.ssl or self.ssl_options
        return {
            "timeout": httpx.Timeout(
                _seconds(context, read, _READ_SECONDS),
                connect=_seconds(context, connect, _CONNECT_SECONDS),
            ),
            "follow_redirects": flag(context, options.follow_redirects),
            "verify": not (ssl and flag(context, ssl.insecure_trust_all_certificates)),
            "proxy": _proxy(context, options.proxy),
            # Proxies and credentials come from the flow, not from the server's environment.
            "trust_env": False,
        }

    def _arguments(self, context: RunContext) -> dict[str, Any]:
        headers = {
            "user-agent": self.user_agent,
            **{name.lower(): str(value) for name, value in self._rendered_headers(context)},
        }
        found: dict[str, Any] = {
            "method": str(context.render(self.method)),
            "url": str(context.render(self.uri)).strip(),
        }
        if self.params:
            found["params"] = context.render(self.params)
        if self.form_data is not None:
            found.update(form_parts(context, self.form_data, self.content_type))
        elif self.body is not None:
            body = context.render(self.body)
            found["content"] = body if isinstance(body, str) else dumps(body)
            default = "text/plain" if isinstance(body, str) else "application/json"
            wanted = context.render(self.content_type) or headers.get("content-type")
            headers["content-type"] = str(wanted or default)
        elif self.content_type:
            headers.setdefault("content-type", str(context.render(self.content_type)))
        auth = self._auth(context)
        if auth:
            headers["authorization"] = auth
        return {**found, "headers": headers}

    def _rendered_headers(self, context: RunContext) -> list[tuple[str, Any]]:
        rendered: Mapping[str, Any] = context.render(self.headers or {})
        return [(str(name), value) for name, value in rendered.items() if value is not None]

    def _auth(self, context: RunContext) -> str | None:
        options = self.options or Options()
        if options.auth is not None and options.auth.type == "BEARER":
            return f"Bearer {context.render(options.auth.token)}"
        auth = options.auth
        user = auth.username if auth else options.basic_auth_user
        password = auth.password if auth else options.basic_auth_password
        if user is None:
            return None
        pair = f"{context.render(user)}:{context.render(password) or ''}"
        encoded = base64.b64encode(pair.encode()).decode()
        context.mask(encoded)
        return f"Basic {encoded}"

    def _check(self, context: RunContext, options: Options, response: "httpx.Response") -> None:
        code = response.status_code
        if options.allowed_response_codes is not None:
            is_wanted = code in options.allowed_response_codes
        else:
            is_wanted = code < 400 or any(
                flag(context, allowed) for allowed in (self.allow_failed, options.allow_failed)
            )
        if not is_wanted:
            raise TaskFailed(
                f"{response.request.method} {response.request.url} was answered with "
                f"{code} {response.reason_phrase}{_beginning(response)}"
            )


def flag(context: RunContext, value: Any) -> bool:
    return str(context.render(value)).strip().lower() == "true"


def _seconds(context: RunContext, value: Any, default: float) -> float:
    if value is None:
        return default
    if isinstance(value, timedelta):
        return value.total_seconds()
    try:
        return parse_duration(str(context.render(value))).total_seconds()
    except ValueError as error:
        raise TaskFailed(f"A timeout cannot be read: {error}") from error


def _proxy(context: RunContext, proxy: dict[str, Any] | None) -> str | None:
    if not proxy:
        return None
    found: dict[str, Any] = context.render(proxy)
    user = f"{found['username']}:{found.get('password', '')}@" if found.get("username") else ""
    return f"http://{user}{found.get('address')}:{found.get('port', 8080)}"


def _reason(arguments: Mapping[str, Any], error: Exception) -> str:
    words = str(error) or type(error).__name__
    return f"{arguments['method']} {arguments['url']} failed: {words}"


def _beginning(response: "httpx.Response", limit: int = 500) -> str:
    """The first words of an answer that says what was wrong."""
    found = b""
    for piece in response.iter_bytes():
        found += piece
        if len(found) >= limit:
            break
    text = found[:limit].decode("utf-8", "replace").strip()
    return f": {text}" if text else ""


def file_name(response: "httpx.Response") -> str:
    """From the header, else from the address."""
    from email.message import Message

    message = Message()
    message["content-disposition"] = response.headers.get("content-disposition", "")
    name = message.get_filename() or response.url.path.rpartition("/")[2]
    return Path(name.replace("\\", "/")).name or "download"
