import pytest

from audit import display
from audit.models import AuditEntry


@pytest.fixture
def entry() -> AuditEntry:
    return AuditEntry(type="UPDATE", resource="KV_STORE", object_id="key", namespace="a.b")


def test_without_a_description_the_line_reads_plainly(entry: AuditEntry) -> None:
    assert display.describe(entry) == "changed kv store a.b.key"


def test_the_owner_of_a_resource_says_how_its_lines_read(
    entry: AuditEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(display, "_descriptions", {})

    display.register_description("KV_STORE", lambda line: f"set {line.object_id}")

    assert display.describe(entry) == "set key"


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [("CREATE", "created flow a"), ("LOGIN_FAILURE", "failed to sign in flow a")],
)
def test_a_type_has_its_verb(kind: str, sentence: str) -> None:
    assert display.describe(AuditEntry(type=kind, resource="FLOW", object_id="a")) == sentence
