"""The HTTP client of the commands, and the options that say which server it talks to."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import httpx
import typer

from common.errors import BadRequest, KestraError, Unauthorized, Unavailable

YAML = "application/x-yaml"

ServerOption = Annotated[
    str, typer.Option("--server", envvar="KESTRA_HOSTNAME", help="Address of the server.")
]
UserOption = Annotated[
    str, typer.Option("--user", envvar="KESTRA_USER", help="User name, or name:password.")
]
PasswordOption = Annotated[
    str, typer.Option("--password", envvar="KESTRA_PASSWORD", help="Password of --user.")
]
TokenOption = Annotated[
    str, typer.Option("--api-token", envvar="KESTRA_API_TOKEN", help="API token.")
]
TenantOption = Annotated[str, typer.Option("--tenant", help="Tenant; absent means the default.")]
HeadersOption = Annotated[
    list[str] | None, typer.Option("--headers", "-H", help="Further header, as name=value.")
]


@dataclass(frozen=True)
class Connection:
    """Which server, as whom, in which tenant."""

    server: str = "http://localhost:8080"
    user: str = ""
    password: str = ""
    api_token: str = ""
    tenant: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return f"Connection(server={self.server!r}, tenant={self.tenant!r})"


class Client:
    """Calls the API. A refusal is an error with the server's own message."""

    def __init__(
        self, connection: Connection, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._connection = connection
        self._http = httpx.Client(
            base_url=connection.server.rstrip("/") + "/api/v1",
            headers=_headers(connection),
            auth=_basic(connection),
            timeout=httpx.Timeout(60, connect=10),
            transport=transport,
        )

    def call(
        self,
        method: str,
        path: str,
        *,
        content: str | bytes | None = None,
        content_type: str = YAML,
        params: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        files: dict[str, Any] | None = None,
    ) -> httpx.Response:
        """`path` without `/api/v1` and tenant: `/flows`."""
        tenant = f"/{self._connection.tenant}" if self._connection.tenant else ""
        sent = dict(headers or {})
        if content is not None:
            sent["Content-Type"] = content_type
        try:
            response = self._http.request(
                method, f"{tenant}{path}", content=content, params=params, headers=sent, files=files
            )
        except httpx.HTTPError as error:
            raise Unavailable(
                f"no answer from {self._connection.server}: {error or type(error).__name__}."
                " Is the server running, and is --server right?"
            ) from error
        if response.is_error:
            raise _refusal(response)
        return response


def _headers(connection: Connection) -> dict[str, str]:
    headers = dict(connection.headers)
    if connection.api_token:
        headers["Authorization"] = f"Bearer {connection.api_token}"
    return headers


def _basic(connection: Connection) -> tuple[str, str] | None:
    if connection.api_token or not connection.user:
        return None
    user, _, password = connection.user.partition(":")
    return user, connection.password or password


def _refusal(response: httpx.Response) -> KestraError:
    try:
        body = response.json()
    except ValueError:
        body = {}
    message = body.get("message") if isinstance(body, dict) else None
    text = message or f"the server answered {response.status_code} {response.reason_phrase}"
    if response.status_code == httpx.codes.UNAUTHORIZED:
        return Unauthorized(f"{text}: sign in with --user and --password, or with --api-token")
    return KestraError(str(text))


def client_command(function: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the options of a connection, and hands it the client as `client`."""
    own = inspect.signature(function)
    options = inspect.signature(_connect)
    parameters = [item for name, item in own.parameters.items() if name != "client"]

    @functools.wraps(function)
    def run(**given: Any) -> Any:
        chosen = {name: given.pop(name) for name in options.parameters}
        return function(**given, client=_connect(**chosen))

    run.__signature__ = own.replace(  # type: ignore[attr-defined]  # how inspect is told
        parameters=[*parameters, *options.parameters.values()]
    )
    run.__annotations__ = {
        item.name: item.annotation for item in (*parameters, *options.parameters.values())
    }
    return run


def _connect(
    *,
    server: ServerOption = "http://localhost:8080",
    user: UserOption = "",
    password: PasswordOption = "",
    api_token: TokenOption = "",
    tenant: TenantOption = "",
    headers: HeadersOption = None,
) -> Client:
    pairs = []
    for header in headers or []:
        name, separator, value = header.partition("=")
        if not separator:
            raise BadRequest(f"--headers {header}: expected name=value")
        pairs.append((name, value))
    return Client(Connection(server, user, password, api_token, tenant, tuple(pairs)))
