"""Icons of types: a letter on a coloured square, so that every type has one without a file."""

import base64
import hashlib
from typing import Any

from plugins.contracts.model import Plugin
from plugins.contracts.task import FlowableTask


def type_icon(found: type[Plugin]) -> dict[str, Any]:
    """PluginIcon."""
    name = found.type_name.rpartition(".")[2]
    group = found.type_name.rpartition(".")[0]
    return _icon(name, group, is_flowable=issubclass(found, FlowableTask))


def group_icon(group: str) -> dict[str, Any]:
    return _icon(group.rpartition(".")[2], group, is_flowable=False)


def _icon(name: str, group: str, *, is_flowable: bool) -> dict[str, Any]:
    drawing = _svg(name[:1].upper(), group).encode()
    return {
        "name": name,
        "icon": base64.b64encode(drawing).decode(),
        "flowable": is_flowable,
        "monochrome": False,
        "hash": hashlib.blake2b(drawing, digest_size=8).hexdigest(),
    }


def _svg(letter: str, group: str) -> str:
    hue = int.from_bytes(hashlib.blake2b(group.encode(), digest_size=2).digest()) % 360
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
        f'<rect width="24" height="24" rx="5" fill="hsl({hue} 45% 40%)"/>'
        '<text x="12" y="17" text-anchor="middle" font-family="sans-serif" font-size="14"'
        f' fill="#fff">{letter}</text></svg>'
    )
