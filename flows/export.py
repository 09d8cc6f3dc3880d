"""Flows as a ZIP archive: one YAML file each, byte for byte as it was saved."""

import io
import zipfile
from collections.abc import Iterable

from flows.queries.stored import StoredFlow

_EPOCH = (1980, 1, 1, 0, 0, 0)


def zip_of(flows: Iterable[StoredFlow]) -> bytes:
    """The same flows give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for flow in flows:
            entry = zipfile.ZipInfo(f"{flow.namespace}-{flow.id}.yml", _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, flow.source)
    return buffer.getvalue()
