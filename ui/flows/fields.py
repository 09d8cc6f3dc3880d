"""The declared inputs of a flow as fields of the execute dialog, and back to values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from common import json
from flows.inputs import ResolvedInput
from flows.schema import FlowDocument, Input

PREFIX = "input."
"""Before the id, so that no input hides a field of the form itself."""
_WIDGETS = {
    "BOOLEAN": "boolean", "BOOL": "boolean", "SELECT": "select", "ENUM": "select",
    "MULTISELECT": "checks", "FILE": "file", "JSON": "text", "YAML": "text", "ARRAY": "text",
}  # fmt: skip
_HTML_TYPES = {
    "SECRET": "password", "DATE": "date", "TIME": "time", "DATETIME": "datetime-local",
    "URI": "url", "EMAIL": "email",
}  # fmt: skip
_HINTS = {
    "DURATION": "PT30S, PT5M, P1D",
    "JSON": '{"key": "value"}',
    "YAML": "key: value",
    "ARRAY": '["a", "b"]',
    "INT": "42",
    "FLOAT": "1.5",
}
_NUMBERS = {"INT": "numeric", "FLOAT": "decimal"}


@dataclass(frozen=True, slots=True)
class InputField:
    """`value` is text as the widget shows it, a list for `checks`."""

    id: str
    name: str
    label: str
    type: str
    widget: str
    html_type: str
    is_required: bool
    value: Any
    description: str = ""
    hint: str = ""
    mode: str = "text"
    accept: str = ""
    choices: tuple[str, ...] = ()
    is_radio: bool = False
    allows_other: bool = False
    errors: tuple[str, ...] = ()

    @property
    def has_value(self) -> bool:
        return self.value not in ("", [], None)


def given_values(document: FlowDocument, sent: QueryDict) -> dict[str, Any]:
    """What was filled in. A field that was left empty was not given: its default counts."""
    values: dict[str, Any] = {}
    for item in document.inputs:
        found = [text for text in sent.getlist(PREFIX + item.id) if text.strip()]
        if found:
            values[item.id] = found if item.type == "MULTISELECT" else found[0]
    return values


def given_files(document: FlowDocument, files: Mapping[str, Any]) -> dict[str, Any]:
    return {
        item.id: files[PREFIX + item.id]
        for item in document.inputs
        if item.type == "FILE" and PREFIX + item.id in files
    }


def fields_of(
    resolved: Iterable[ResolvedInput],
    sent: Mapping[str, Any] | None,
    refused: Mapping[str, str] | None = None,
) -> list[InputField]:
    """Those whose conditions hold. `sent` is what was filled in, None in a form that nobody has
    seen yet; only a form that was sent shows errors."""
    return [
        _field(item, sent, (refused or {}).get(item.input.id, ""))
        for item in resolved
        if item.is_enabled
    ]


def _field(item: ResolvedInput, sent: Mapping[str, Any] | None, refused: str) -> InputField:
    declared = item.input
    given = item.value if sent is None else sent.get(declared.id)
    if given is None and sent is None:
        given = declared.prefill
    errors = () if sent is None else (*item.errors, *((refused,) if refused else ()))
    return InputField(
        id="input-" + declared.id.replace(".", "-"),
        name=PREFIX + declared.id,
        label=declared.display_name or declared.id,
        type=declared.type,
        widget=_WIDGETS.get(declared.type, "line"),
        html_type=_HTML_TYPES.get(declared.type, "text"),
        is_required=declared.required,
        value=_shown(declared, given),
        description=declared.description or "",
        hint=_HINTS.get(declared.type, ""),
        mode=_NUMBERS.get(declared.type, "text"),
        accept=_accepted(declared),
        choices=item.choices,
        is_radio=bool(getattr(declared, "is_radio", False)),
        allows_other=bool(getattr(declared, "allow_custom_value", False)),
        errors=tuple(error[:1].upper() + error[1:] for error in errors),
    )


def _shown(item: Input, value: Any) -> Any:
    if item.type == "MULTISELECT":
        return [str(each) for each in value] if isinstance(value, list | tuple) else []
    if value is None or item.type in {"SECRET", "FILE"}:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if item.type == "DATETIME":
        return str(value).removesuffix("Z")
    return value if isinstance(value, str) and item.type != "JSON" else _written(value)


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _accepted(item: Input) -> str:
    """For the file chooser."""
    endings = getattr(item, "allowed_file_extensions", None) or getattr(item, "accept", None)
    endings = endings or getattr(item, "extension", None) or ()
    return endings if isinstance(endings, str) else ",".join(endings)
