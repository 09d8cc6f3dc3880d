"""Documentation of the types."""

import pytest

from plugins.registry import installed_registry

LOG = "io.kestra.plugin.core.log.Log"


@pytest.fixture
def viewer(client_for):
    return client_for("Viewer")


def test_list_has_every_type_in_its_group(viewer):
    text = viewer.get("/ui/main/plugins").content.decode()

    assert [
        name
        for name in installed_registry().names()
        if f'href="/ui/main/plugins/{name}"' not in text
    ] == []
    assert "core · http" in text


def test_search_looks_at_names_kinds_and_words(viewer):
    def found(query):
        text = viewer.get(f"/ui/main/plugins?q={query}").content.decode()
        return [name for name in installed_registry().names() if f'plugins/{name}"' in text]

    assert LOG in found("log")
    assert found("trigger schedule") == ["io.kestra.plugin.core.trigger.Schedule"]
    assert found("nothing-like-it") == []


@pytest.mark.parametrize("name", installed_registry().names())
def test_every_type_has_a_page(viewer, name):
    answer = viewer.get(f"/ui/main/plugins/{name}")

    assert answer.status_code == 200
    assert f"type: {name}" in answer.content.decode()


def test_page_tells_properties_examples_and_outputs(viewer):
    text = viewer.get("/ui/main/plugins/io.kestra.plugin.core.http.Request").content.decode()

    for part in ("Examples", "Properties", "Outputs", "What every task has"):
        assert f">{part}</h2>" in text
    assert "required" in text
    assert '<k-copy text="id: ' in text


def test_older_name_leads_to_the_present_one(viewer):
    alias = installed_registry().get(LOG).aliases[0]

    assert viewer.get(f"/ui/main/plugins/{alias}").headers["Location"] == f"/ui/main/plugins/{LOG}"


def test_type_that_is_none_is_not_found(viewer):
    assert viewer.get("/ui/main/plugins/io.kestra.plugin.none.Such").status_code == 404


def test_stranger_is_asked_to_sign_in(anonymous):
    assert anonymous.get("/ui/main/plugins").status_code == 303
