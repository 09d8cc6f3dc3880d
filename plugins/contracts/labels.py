"""Labels as flows write them: a map, or a list of `key` and `value`."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from plugins.contracts.model import PluginPart, Text


class LabelPair(PluginPart):
    """One label of a list."""

    key: Text
    value: Text


Labels: TypeAlias = dict[str, Text] | tuple[LabelPair, ...]


def label_map(labels: Labels | None) -> Mapping[str, Any]:
    """By key; of two with one key the last counts."""
    if labels is None:
        return {}
    if isinstance(labels, dict):
        return labels
    return {label.key: label.value for label in labels}
