"""Namespaces: the tree, and the keys and files of one."""

import io
import zipfile

import pytest

from common.actor import SYSTEM
from common.tenancy import tenant_scope
from flows.services import save_flow
from flows.services.saving import read_source
from tenants.queries import get_key, open_file, search_files
from tenants.services import set_key, upload_file
from tenants.storages import forget_storages
from tenants.values import value_of

ONE = "/ui/main/namespaces/edit/company.data"
SOURCE = """
id: {id}
namespace: {namespace}
tasks:
  - {{id: hello, type: io.kestra.plugin.core.log.Log, message: Hello}}
"""


def make_flow(flow_id, namespace="company.data"):
    with tenant_scope("main"):
        parsed = read_source(SOURCE.format(id=flow_id, namespace=namespace))
        save_flow(actor=SYSTEM, parsed=parsed)


def make_key(key, value="x"):
    with tenant_scope("main"):
        set_key(actor=SYSTEM, namespace="company.data", key=key, value=value_of(value))


def make_file(path, content=b"select 1"):
    with tenant_scope("main"):
        upload_file(actor=SYSTEM, namespace="company.data", path=path, content=content)


def stored(key):
    with tenant_scope("main"):
        return get_key(namespace="company.data", key=key)


def content_of(path):
    with tenant_scope("main"):
        stream, _found = open_file(namespace="company.data", path=path)
        with stream:
            return stream.read()


@pytest.fixture(autouse=True)
def _storage_in_memory(settings):
    settings.KESTRA_STORAGE = {"type": "memory", "options": {}}
    forget_storages()
    yield
    forget_storages()


@pytest.fixture
def developer(client_for):
    client = client_for("Developer")
    make_flow("etl")
    make_flow("export", namespace="company.marketing.crm")
    return client


def test_tree_has_parents_and_counts_what_is_below(developer):
    make_key("a")

    text = " ".join(developer.get("/ui/main/namespaces").content.decode().split())

    for name in ("company", "company.data", "company.marketing", "company.marketing.crm"):
        assert f'href="/ui/main/namespaces/edit/{name}"' in text
    assert '2<span class="sr-only"> flows</span>' in text
    assert '1<span class="sr-only"> keys</span>' in text


def test_search_leaves_what_has_the_text_with_its_parents(developer):
    text = developer.get("/ui/main/namespaces?q=crm").content.decode()

    assert "edit/company.marketing.crm" in text
    assert "edit/company.data" not in text


def test_parent_that_one_may_not_open_is_no_link(client_for):
    client = client_for("Viewer", namespace="company.marketing")
    make_flow("etl")
    make_flow("export", namespace="company.marketing")

    text = client.get("/ui/main/namespaces").content.decode()

    assert 'title="company">company</span>' in text
    assert "edit/company.marketing" in text
    assert "company.data" not in text


def test_empty_tenant_says_how_a_namespace_comes(client_for):
    assert b"No namespaces yet" in client_for("Developer").get("/ui/main/namespaces").content


def test_namespace_is_created(developer):
    answer = developer.post("/ui/main/namespaces/new", {"name": "sales.eu", "description": "EU"})

    assert answer.headers["Location"] == "/ui/main/namespaces/edit/sales.eu"
    assert b"EU" in developer.get("/ui/main/namespaces/edit/sales.eu").content


@pytest.mark.parametrize("tab", ["", "/flows", "/executions", "/kv", "/files"])
def test_every_tab_opens_and_is_the_current_one(developer, tab):
    answer = developer.get(f"{ONE}{tab}")

    assert answer.status_code == 200
    assert f'href="{ONE}{tab}" aria-current="page"' in answer.content.decode()


def test_namespace_that_is_nowhere_is_not_found(developer):
    assert developer.get("/ui/main/namespaces/edit/no.where").status_code == 404


def test_flows_of_the_namespace_alone(developer):
    text = developer.get(f"{ONE}/flows").content.decode()

    assert 'href="/ui/main/flows/edit/company.data/etl"' in text
    assert ">export<" not in text


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("STRING", "42", '"42"'),
        ("NUMBER", "42", "42"),
        ("BOOLEAN", "true", "true"),
        ("DATE", "2026-01-31", '"2026-01-31"'),
        ("DATETIME", "2026-01-31T08:30:00Z", '"2026-01-31T08:30:00Z"'),
        ("DURATION", "PT30M", '"PT30M"'),
        ("JSON", '{"a": [1]}', '{"a":[1]}'),
    ],
)
def test_key_of_each_type_is_saved(developer, kind, value, text):
    answer = developer.post(
        f"{ONE}/kv/save", {"key": "k", "type": kind, "value": value, "ttl": "P1D"}
    )

    assert answer.status_code == 303
    row = stored("k")
    assert (row.type, row.text) == (kind, text)
    assert row.expiration is not None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"key": "", "value": "x"}, b"Give the key a name."),
        ({"key": "a/b", "value": "x"}, b"printable ASCII characters without slashes"),
        ({"key": "k", "type": "NUMBER", "value": "many"}, b"is not a NUMBER value"),
        ({"key": "k", "value": "x", "ttl": "soon"}, b"is not an ISO 8601 duration"),
        ({"key": "k", "value": "x", "ttl": "PT0S"}, b"It must be longer than nothing"),
        ({"key": "taken", "value": "x"}, b"already exists"),
    ],
)
def test_what_does_not_hold_is_told_at_its_field(developer, given, told):
    make_key("taken")

    answer = developer.post(f"{ONE}/kv/save", given)

    assert answer.status_code == 200
    assert told in answer.content
    assert b'class="field-error"' in answer.content
    assert stored("taken").text == '"x"'


def test_form_of_a_key_has_its_value_and_the_time_that_is_left(developer):
    developer.post(f"{ONE}/kv/save", {"key": "k", "value": "one\r\ntwo", "ttl": "PT1H"})

    text = developer.get(f"{ONE}/kv/form?key=k").content.decode()

    assert "one\ntwo</textarea>" in text
    assert 'value="PT59M' in text or 'value="PT1H"' in text


def test_keys_are_deleted_together(developer):
    for key in ("a", "b", "c"):
        make_key(key)

    answer = developer.post(f"{ONE}/kv/delete", {"key": ["a", "b"]})

    assert answer.status_code == 303
    text = developer.get(f"{ONE}/kv").content.decode()
    assert "2 keys deleted." in text
    assert 'value="c"' in text
    assert 'value="a"' not in text


def test_viewer_changes_no_key(client_for):
    client = client_for("Viewer")
    make_flow("etl")

    answer = client.post(f"{ONE}/kv/save", {"key": "k", "value": "x"})

    assert answer.status_code == 403
    assert b"KVSTORE:" in answer.content
    assert b"Add a key" not in client.get(f"{ONE}/kv").content


def test_tree_of_files_is_open_down_to_the_chosen_one(developer):
    make_file("sql/deep/orders.sql")
    make_file("readme.md", b"# Hello")

    text = developer.get(f"{ONE}/files?path=sql/deep/orders.sql").content.decode()

    assert "\nselect 1</textarea>" in text
    assert ">deep</a>" in text
    assert ">readme.md</span>" in text


def test_folder_is_fetched_when_it_is_opened(developer):
    make_file("sql/orders.sql")

    text = developer.get(f"{ONE}/files/folder?path=sql").content.decode()

    assert "path=sql%2Forders.sql" in text


def test_file_is_created_saved_moved_and_deleted(developer):
    made = developer.post(f"{ONE}/files/new", {"folder": "sql", "name": "a.sql", "kind": "file"})
    assert made.headers["Location"].endswith("files?path=sql%2Fa.sql")
    developer.post(f"{ONE}/files/save", {"path": "sql/a.sql", "content": "one\r\ntwo\r\n"})
    assert content_of("sql/a.sql") == b"one\ntwo\n"
    developer.post(f"{ONE}/files/move", {"path": "sql/a.sql", "to": "b.sql"})
    assert content_of("b.sql") == b"one\ntwo\n"
    developer.post(f"{ONE}/files/delete", {"path": "b.sql"})

    with tenant_scope("main"):
        assert search_files(namespace="company.data") == []


def test_ends_of_lines_stay_as_they_were(developer):
    make_file("a.bat", b"one\r\ntwo\r\n")
    assert b'name="ends" value="crlf"' in developer.get(f"{ONE}/files?path=a.bat").content

    developer.post(
        f"{ONE}/files/save", {"path": "a.bat", "content": "one\r\n2\r\n", "ends": "crlf"}
    )

    assert content_of("a.bat") == b"one\r\n2\r\n"


def test_new_file_takes_no_place_of_another(developer):
    make_file("a.sql")

    answer = developer.post(f"{ONE}/files/new", {"name": "a.sql", "kind": "file"})

    assert answer.status_code == 409
    assert content_of("a.sql") == b"select 1"


def test_files_are_uploaded_into_the_folder_and_come_back_as_zip(developer):
    first, second = io.BytesIO(b"a,b"), io.BytesIO(b"\xff\x00")
    first.name, second.name = "a.csv", "b.bin"
    answer = developer.post(f"{ONE}/files/upload", {"folder": "data", "files": [first, second]})
    assert answer.status_code == 303

    packed = b"".join(developer.get(f"{ONE}/files/download").streaming_content)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert sorted(archive.namelist()) == ["data/a.csv", "data/b.bin"]
        assert archive.read("data/b.bin") == b"\xff\x00"
    assert b"This file is not shown" in developer.get(f"{ONE}/files?path=data/b.bin").content


def test_viewer_reads_files_and_changes_none(client_for):
    client = client_for("Viewer")
    make_flow("etl")
    make_file("a.sql")

    assert b"readonly" in client.get(f"{ONE}/files?path=a.sql").content
    for action in ("save", "delete", "move", "new"):
        assert client.post(f"{ONE}/files/{action}", {"path": "a.sql"}).status_code == 403
