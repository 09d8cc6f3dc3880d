"""The fields of a form, with files of internal storage among them."""

from collections.abc import Mapping
from typing import Any

from plugins.contracts.run_context import RunContext

_STORAGE_SCHEME = "kestra://"
_URL_ENCODED = "application/x-www-form-urlencoded"


def form_parts(
    context: RunContext, form: Mapping[str, Any], content_type: str | None
) -> dict[str, Any]:
    """Arguments of the call. A value that is an address, or a map of `name` and `content`, is a
    file; with one of them the form is sent as multipart."""
    rendered: Mapping[str, Any] = context.render(dict(form))
    fields: dict[str, str] = {}
    files: dict[str, Any] = {}
    for key, value in rendered.items():
        name, content = _named(value)
        if isinstance(content, str) and content.startswith(_STORAGE_SCHEME):
            source = context.files.open(content)
            files[key] = (name or content.rpartition("/")[2], source)
        elif value is not None:
            fields[key] = str(content)
    is_plain = str(context.render(content_type) or "").lower().startswith(_URL_ENCODED)
    if files:
        return {"data": fields, "files": files}
    if is_plain:
        return {"data": fields}
    return {"files": {key: (None, value) for key, value in fields.items()}}


def _named(value: Any) -> tuple[str | None, Any]:
    if isinstance(value, Mapping) and "content" in value:
        return str(value.get("name") or "") or None, value["content"]
    return None, value
