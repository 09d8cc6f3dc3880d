"""Who gets to see the link that signs in once."""

import pytest

from kestra_site.config import Configuration
from kestra_site.servers import sign_in


@pytest.fixture(autouse=True)
def _output_is_a_log(monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: False)
    monkeypatch.setattr("rbac.services.links.issue_sign_in_link", lambda: "the-token")


def configured(host, url=""):
    return Configuration.model_validate(
        {"micronaut": {"server": {"host": host, "port": 8123}}, "kestra": {"url": url}}
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_server_that_this_machine_alone_reaches_prints_the_link(host):
    said = sign_in.sign_in_link(configured(host))

    assert "/ui/login/link/the-token" in said
    assert "15 minutes" in said


@pytest.mark.parametrize(
    ("host", "url"), [("0.0.0.0", ""), ("10.0.0.5", ""), ("127.0.0.1", "https://kestra.example")]
)
def test_server_that_others_reach_writes_no_link_into_its_log(host, url):
    assert sign_in.sign_in_link(configured(host, url)) == ""


def test_person_at_a_terminal_sees_the_link(monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)

    assert "the-token" in sign_in.sign_in_link(configured("0.0.0.0"))
