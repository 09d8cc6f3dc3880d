"""The addresses that belong to no app."""

from pathlib import Path

import pytest
from django.test import Client

from kestra_site import health


@pytest.mark.django_db
def test_health_is_up_while_the_database_answers(client: Client) -> None:
    answer = client.get("/health")

    assert (answer.status_code, answer.json()) == (200, {"status": "UP"})


def test_root_leads_to_the_pages(client: Client) -> None:
    answer = client.get("/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/ui/")


def test_openapi_file_is_served_as_it_is(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health.paths, "DOCS", tmp_path)
    (tmp_path / "openapi.yml").write_text("openapi: 3.0.3\n")

    answer = client.get("/api/openapi.yml")

    assert b"".join(answer.streaming_content) == b"openapi: 3.0.3\n"
    assert answer.headers["Content-Type"] == "application/yaml"


def test_build_without_openapi_file_says_so(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health.paths, "DOCS", tmp_path)

    assert client.get("/api/openapi.yml").status_code == 404
