"""Flows as an archive."""

import io
import zipfile

from common.clock import now
from flows.export import zip_of
from flows.queries import StoredFlow


def stored(flow_id: str, source: str) -> StoredFlow:
    return StoredFlow("main", "a.b", flow_id, 1, source, {}, False, False, now())


def test_each_flow_is_a_file_byte_for_byte() -> None:
    source = "id: é\r\n# no end of line"

    content = zip_of([stored("one", source), stored("two", "id: two\n")])

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["a.b-one.yml", "a.b-two.yml"]
        assert archive.read("a.b-one.yml").decode() == source


def test_the_same_flows_give_the_same_bytes() -> None:
    flows = [stored("one", "id: one\n")]

    assert zip_of(flows) == zip_of(flows)
