"""Plugin defaults from outside a flow: those of its namespace and the namespaces around it, then
those of the configuration."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from pydantic import ValidationError

from common.errors import Misconfigured
from common.json import dump_bytes
from common.tenancy import tenant_scope
from flows.schema import PluginDefault
from tenants.queries import plugin_defaults_of


@dataclass(frozen=True, slots=True)
class OuterDefaults:
    """The nearest first. `digest` tells two lists apart."""

    items: tuple[PluginDefault, ...] = ()
    digest: str = ""


def outer_defaults_of(tenant: str, namespace: str) -> OuterDefaults:
    """One query."""
    with tenant_scope(tenant):
        levels = plugin_defaults_of(namespace)
    raw = [item for _, items in reversed(levels) for item in items]
    raw.extend(getattr(settings, "KESTRA_PLUGIN_DEFAULTS", ()))
    if not raw:
        return OuterDefaults()
    digest = hashlib.blake2b(dump_bytes(raw), digest_size=12).hexdigest()
    return OuterDefaults(tuple(_typed(raw)), digest)


def _typed(items: Iterable[Mapping[str, Any]]) -> Iterable[PluginDefault]:
    for item in items:
        try:
            yield PluginDefault.model_validate(item)
        except ValidationError as error:
            raise Misconfigured(
                f"the plugin default for the type '{item.get('type')}' cannot be read: {error}"
            ) from error
