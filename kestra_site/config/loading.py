"""Reads the configuration from its sources, each over the one before: defaults, file,
`KESTRA_CONFIGURATION`, environment, command line."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from common.errors import Misconfigured
from kestra_site.config.configuration import Component, Configuration
from kestra_site.config.keys import (
    Tree,
    dotted,
    match_environment_name,
    merge,
    nearest_key,
    normalise,
)

_ROOTS = ("KESTRA_", "DATASOURCES_", "MICRONAUT_", "ENDPOINTS_", "LOGGER_LEVELS_")
_SHORT_NAMES = {
    "DATABASE_URL": ("kestra", "database", "url"),
    "REDIS_URL": ("kestra", "redis", "url"),
    "KESTRA_ADMIN_USER": ("kestra", "security", "super_admin", "username"),
    "KESTRA_ADMIN_PASSWORD": ("kestra", "security", "super_admin", "password"),
}
_NOT_KEYS = {"KESTRA_CONFIGURATION", "MICRONAUT_CONFIG_FILES"}
_CLIENTS_OWN = {"KESTRA_HOSTNAME", "KESTRA_USER", "KESTRA_PASSWORD", "KESTRA_API_TOKEN"}
_SECRET_WORDS = ("password", "secret", "token", "key", "url", "credential")
_EXPECTED = {
    "int_parsing": "expected a whole number",
    "int_type": "expected a whole number",
    "bool_parsing": "expected true or false",
    "bool_type": "expected true or false",
    "string_type": "expected a text",
    "dict_type": "expected a map of keys",
    "model_type": "expected a map of keys",
    "model_attributes_type": "expected a map of keys",
}


def load_configuration(
    *,
    file: Path | None = None,
    environment: Mapping[str, str] | None = None,
    overrides: Mapping[str, Any] | None = None,
    component: Component = "",
) -> Configuration:
    """Raises Misconfigured with key, value and what was expected; secrets are never shown."""
    variables = os.environ if environment is None else environment
    unknown: list[str] = []
    tree: Tree = {}
    for source, text in _texts(file, variables):
        merge(tree, normalise(_parse(source, text), Configuration, unknown))
    warnings = [_describe_unknown(key) for key in dict.fromkeys(unknown)]
    values, taken, doubtful = _from_environment(variables)
    merge(tree, values)
    merge(tree, normalise(overrides or {}, Configuration, []))
    configuration = _validate({**tree, "component": component})
    return configuration.model_copy(
        update={
            "warnings": (*warnings, *doubtful, *_advice(configuration, tree)),
            "template_environment": _template_environment(variables, configuration, taken),
        }
    )


def _texts(file: Path | None, variables: Mapping[str, str]) -> list[tuple[str, str]]:
    files = (
        [file]
        if file
        else [Path(name) for name in variables.get("MICRONAUT_CONFIG_FILES", "").split(",") if name]
    )
    texts = []
    for path in files:
        try:
            texts.append((str(path), path.read_text(encoding="utf-8")))
        except OSError as error:
            raise Misconfigured(
                f"the configuration file {path} cannot be read: {error.strerror}"
            ) from error
    texts.append(("KESTRA_CONFIGURATION", variables.get("KESTRA_CONFIGURATION", "")))
    return texts


def _parse(source: str, text: str) -> Mapping[Any, Any]:
    try:
        parsed = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be read"
        raise Misconfigured(f"{source} is not valid YAML{place}: {problem}") from error
    if parsed is None:
        return {}
    if not isinstance(parsed, Mapping):
        raise Misconfigured(f"{source} must be a YAML map of keys, such as `kestra:`")
    return parsed


def _from_environment(variables: Mapping[str, str]) -> tuple[Tree, set[str], list[str]]:
    """The values, the names that were taken as keys, and warnings on near misses."""
    tree: Tree = {}
    taken = set(_NOT_KEYS | _CLIENTS_OWN | _SHORT_NAMES.keys())
    doubtful = []
    for name in sorted(variables, key=lambda one: one in _SHORT_NAMES):
        if name in _NOT_KEYS | _CLIENTS_OWN or not variables[name]:
            continue
        path: list[str] | tuple[str, ...] | None = _SHORT_NAMES.get(name)
        if path is None and name.startswith(_ROOTS):
            path = match_environment_name(name.split("_"), Configuration)
            if path is None and name.startswith("KESTRA_") and (advice := _near_miss(name)):
                doubtful.append(advice)
                taken.add(name)
        if path is not None:
            taken.add(name)
            merge(tree, _nested(path, variables[name]))
    return tree, taken, doubtful


def _near_miss(name: str) -> str | None:
    # Flows read KESTRA_… variables too (`envs.…`): only a likely slip is worth a line.
    near = nearest_key(name.lower().replace("_", "."), Configuration, cutoff=0.9)
    if near is None:
        return None
    variable = near.upper().replace(".", "_").replace("-", "_")
    return f"the environment variable {name} is no key; did you mean {variable}?"


def _nested(path: list[str] | tuple[str, ...], value: Any) -> Tree:
    tree: Any = value
    for part in reversed(path):
        tree = {part: tree}
    return dict(tree)


def _describe_unknown(key: str) -> str:
    if not key.startswith("kestra."):
        return f"{key} is not used here and was ignored"
    near = nearest_key(key, Configuration)
    advice = f"; did you mean {near}?" if near else ""
    return f"{key} is not a known key and was ignored{advice}"


def _validate(tree: Tree) -> Configuration:
    try:
        return Configuration.model_validate(tree)
    except ValidationError as error:
        lines = [_describe_error(tree, item) for item in error.errors()]
        raise Misconfigured("\n".join(lines)) from None


def _describe_error(tree: Tree, item: Any) -> str:
    location: tuple[str | int, ...] = item["loc"]
    key = dotted(location)
    expected = _EXPECTED.get(item["type"]) or item["msg"].removeprefix("Value error, ")
    if not key:
        return str(expected)
    value: Any = tree
    for part in location:
        value = value.get(part) if isinstance(value, Mapping) else None
    is_secret = any(word in str(location[-1]) for word in _SECRET_WORDS)
    shown = "" if is_secret or isinstance(value, Mapping) or value is None else f" is {value!r}"
    return f"{key}{shown}: {expected[0].lower()}{expected[1:]}"


def _advice(configuration: Configuration, tree: Tree) -> list[str]:
    """What was accepted but has no effect here, or another one than its words say."""
    kestra = configuration.kestra
    lines = []
    for name, backend in (("queue", kestra.queue), ("repository", kestra.repository)):
        if backend.type in ("kafka", "elasticsearch"):
            lines.append(
                f"kestra.{name}.type: {backend.type} is accepted, but the database"
                " and Redis are what is used"
            )
    if not kestra.server.basic_auth.enabled:
        lines.append(
            "kestra.server.basic-auth.enabled: false is ignored: sign-in cannot be switched off"
        )
    if configuration.datasources.h2:
        lines.append("datasources.h2 is ignored: without another database SQLite is used")
    own_url = kestra.database.url.get_secret_value()
    postgres = tree.get("datasources", {}).get("postgres") or own_url.startswith("postgres")
    if configuration.component == "local" and postgres:
        lines.append("server local keeps its own SQLite database; the PostgreSQL named is not used")
    return lines


def _template_environment(
    variables: Mapping[str, str], configuration: Configuration, taken: set[str]
) -> dict[str, str]:
    """What flows read as `envs.…`: the prefixed variables without those that configure us."""
    prefix = configuration.kestra.variables.env_vars_prefix
    return {
        name.removeprefix(prefix).lower(): value
        for name, value in variables.items()
        if name.startswith(prefix) and name not in taken
    }
