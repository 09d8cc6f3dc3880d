"""What holds for every page: who may see it, what becomes of errors, which headers it has."""

import pytest
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver

from common.errors import Invalid
from rbac.services.sessions import open_session
from rest.permissions import OPEN, routes
from tests.support.accounts import make_user
from ui.areas import all_entries
from ui.frame import page
from ui.middleware import EVERYWHERE, ON_PAGES

PAGES = [
    pytest.param(path, pattern.callback, id=path)
    for path, pattern in routes(get_resolver().url_patterns)
    if path.startswith("ui")
]


@pytest.mark.parametrize(("path", "view"), PAGES)
def test_every_page_is_behind_the_frame(path, view):
    assert view.declared is not None, path
    assert view.methods


def test_page_that_needs_somebody_leads_to_the_sign_in_and_back(anonymous):
    answer = anonymous.get("/ui/main/flows?q=etl")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/ui/login?next=%2Fui%2Fmain%2Fflows%3Fq%3Detl"


def test_part_that_needs_somebody_sends_htmx_to_the_sign_in(anonymous):
    answer = anonymous.get(
        "/ui/main/flows",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/ui/main/flows?q=a"},
    )

    assert answer.headers["HX-Redirect"] == "/ui/login?next=%2Fui%2Fmain%2Fflows%3Fq%3Da"


def test_refused_page_names_the_missing_permission(client_for):
    answer = client_for({"EXECUTION": ["VIEW"]}).get("/ui/main/flows")

    assert answer.status_code == 403
    assert b"FLOW:LIST" in answer.content
    assert answer.headers["Content-Type"].startswith("text/html")


def test_tenant_of_others_is_refused(client_for):
    assert client_for("Viewer").get("/ui/elsewhere/flows").status_code == 403


def test_unknown_address_is_a_page(client_for):
    answer = client_for("Viewer").get("/ui/main/nowhere")

    assert answer.status_code == 404
    assert b"There is nothing at this address" in answer.content


def test_unknown_address_outside_the_pages_is_a_page_for_people(anonymous):
    answer = anonymous.get("/nowhere")

    assert (answer.status_code, b"There is nothing" in answer.content) == (404, True)


def test_unknown_address_of_the_api_is_json(anonymous):
    answer = anonymous.get("/api/v1/main/no/such/thing")

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("path", ["/ui/login", "/ui/main/nowhere", "/nowhere"])
def test_pages_have_the_security_headers(client_for, path):
    answer = client_for("Viewer").get(path)

    headers = {**EVERYWHERE, **ON_PAGES}
    assert {name: answer.headers.get(name) for name in headers} == headers
    assert "'unsafe-eval'" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_api_has_no_headers_of_pages(client_for):
    answer = client_for("Viewer").get("/api/v1/main/flows/search")

    assert answer.status_code == 200
    assert "Content-Security-Policy" not in answer.headers


def test_pages_hold_no_script_and_no_foreign_address(client_for):
    text = client_for("Admin").get("/ui/main/welcome").content.decode()

    assert text.count("<script") == text.count('<script type="module"')
    assert "onclick" not in text
    assert "https://" not in text.replace("http://www.w3.org", "")


def test_without_a_build_a_page_says_what_to_run(client_for, settings, tmp_path):
    settings.KESTRA_VITE_MANIFEST = tmp_path / "manifest.json"

    answer = client_for("Viewer").get("/ui/main/flows")

    assert (answer.status_code, b"make install" in answer.content) == (503, True)


def test_method_that_a_page_does_not_know_is_refused(super_client):
    assert super_client.post("/ui/main/palette").status_code == 405


def test_form_without_the_token_is_refused_for_those_who_come_with_a_cookie(client_for):
    user = make_user()
    browser = Client(headers={"origin": "http://testserver"})
    browser.cookies["JWT"] = open_session(user=user).token

    assert browser.post("/ui/main/settings", {"theme": "dark"}).status_code == 403


def test_sidebar_hides_what_the_caller_may_not_open(client_for):
    may = client_for("Viewer").get("/ui/main/settings").content.decode()
    may_not = client_for({"KVSTORE": ["VIEW"]}).get("/ui/main/settings").content.decode()

    assert 'href="/ui/main/flows"' in may
    assert 'href="/ui/main/flows"' not in may_not


def test_every_entry_of_the_sidebar_has_a_page_with_the_same_declaration():
    found = {
        path.removeprefix("ui/<str:tenant>/"): pattern.callback.declared
        for path, pattern in routes(get_resolver().url_patterns)
        if path.startswith("ui/<str:tenant>/")
    }

    assert {entry.path: entry.declared for entry in all_entries()}.items() <= found.items()


@page(OPEN)
def _complains(request: HttpRequest) -> HttpResponse:
    raise Invalid("the name is taken, ü")


@page(OPEN)
def _tells(request: HttpRequest) -> HttpResponse:
    messages.success(request, "Saved.")
    return HttpResponse()


@pytest.fixture
def call(db, settings):
    from asgiref.sync import async_to_sync

    settings.KESTRA_DATABASE_THREADS = 0
    return lambda view, **headers: async_to_sync(view)(RequestFactory().get("/ui/x", **headers))


def test_error_of_a_part_becomes_a_toast_with_the_servers_words(call):
    answer = call(_complains, HTTP_HX_REQUEST="true")

    assert answer.status_code == 422
    assert "the name is taken" in answer.headers["HX-Trigger"]
    assert answer.headers["HX-Trigger"].isascii()


def test_error_of_a_script_is_json(call):
    answer = call(_complains, HTTP_ACCEPT="application/json")

    assert answer.headers["Content-Type"] == "application/json"


def test_message_goes_along_with_a_part_and_waits_for_the_next_page_otherwise(call):
    part = call(_tells, HTTP_HX_REQUEST="true")
    whole = call(_tells)

    assert "Saved." in part.headers["HX-Trigger"]
    assert "messages" in whole.cookies
