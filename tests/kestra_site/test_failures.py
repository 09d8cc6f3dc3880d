"""Failures of the surroundings are told in a sentence."""

import errno

import pytest
from django.db import OperationalError

from kestra_site.cli.failures import explain_failure


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device", "/srv/kestra/storage/file"),
        OperationalError("database or disk is full"),
    ],
)
def test_full_disk_is_told_with_what_to_do(error: Exception) -> None:
    sentence = explain_failure(error)

    assert sentence is not None
    assert sentence.startswith("the disk is full")
    assert "free some space" in sentence


def test_forbidden_file_is_named() -> None:
    sentence = explain_failure(PermissionError(errno.EACCES, "Permission denied", "/etc/shadow"))

    assert sentence == "not allowed to write or read (/etc/shadow): Permission denied"


def test_database_failure_names_the_place_and_one_line_of_the_reason() -> None:
    sentence = explain_failure(OperationalError("connection refused\nIs the server running?"))

    assert sentence is not None
    assert "the database at " in sentence
    assert sentence.endswith("cannot be used: connection refused")


def test_fault_of_our_own_keeps_its_traceback() -> None:
    assert explain_failure(KeyError("x")) is None
