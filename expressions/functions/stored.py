"""Functions that read what is stored elsewhere, through the services of the render."""

from typing import Any

from expressions.arguments import need_string
from expressions.context import RenderContext, fail
from expressions.errors import MissingKey
from expressions.file_access import check_file_access, is_storage_uri, namespace_file_uri
from expressions.secrets_seen import note_secret
from expressions.signatures import define_function


def _optional_namespace(namespace: Any) -> str | None:
    return None if namespace is None else need_string(namespace, "namespace")


def kv(
    context: RenderContext, key: Any, namespace: Any = None, error_on_missing: Any = None
) -> Any:
    name = need_string(key, "the key")
    try:
        return context.services.kv(name, _optional_namespace(namespace))
    except MissingKey:
        if error_on_missing is True:
            fail(f"the key '{name}' does not exist in the key-value store")
        return None


def secret(context: RenderContext, key: Any, namespace: Any = None) -> str:
    name = need_string(key, "the key")
    try:
        value = context.services.secret(name, _optional_namespace(namespace))
    except MissingKey:
        fail(f"the secret '{name}' does not exist")
    note_secret(context, value)
    return value


def read(context: RenderContext, path: Any) -> str:
    name = need_string(path, "the path")
    check_file_access(name, context.root.scope)
    return context.services.read(name)


def file_size(context: RenderContext, path: Any) -> int:
    uri = need_string(path, "the path")
    if not is_storage_uri(uri):
        fail("fileSize takes a kestra:/// address")
    check_file_access(uri, context.root.scope)
    return context.services.file_size(uri)


def file_uri(context: RenderContext, path: Any) -> str:
    return namespace_file_uri(need_string(path, "the path"), context.root.scope)


def error_logs(context: RenderContext) -> list[dict[str, Any]]:
    return context.services.error_logs()


FUNCTIONS = (
    define_function("kv", kv, "key! namespace errorOnMissing", is_pure=False),
    define_function("secret", secret, "key! namespace", is_pure=False),
    define_function("read", read, "path!", is_pure=False),
    define_function("fileSize", file_size, "path!", is_pure=False),
    define_function("fileURI", file_uri, "path!"),
    define_function("errorLogs", error_logs, is_pure=False),
)
