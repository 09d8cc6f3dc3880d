"""Values of SECRET inputs at rest."""

import base64
from typing import Any

import pytest

from common.errors import Locked, Misconfigured
from executions.confidential import (
    decrypt_value,
    encrypt_value,
    hide_encrypted,
    reveal_encrypted,
)

OLD, NEW = b"o" * 32, b"n" * 32


def test_a_value_comes_back_from_its_encryption() -> None:
    first, second = encrypt_value("open sesame"), encrypt_value("open sesame")

    assert decrypt_value(first) == decrypt_value(second) == "open sesame"
    assert first != second
    assert "sesame" not in str(first)


def test_a_changed_key_still_reads_what_the_old_one_wrote(settings: Any) -> None:
    settings.KESTRA_ENCRYPTION_KEYS = [OLD]
    written = encrypt_value("open sesame")

    settings.KESTRA_ENCRYPTION_KEYS = [NEW, OLD]
    assert decrypt_value(written) == "open sesame"
    assert encrypt_value("x")["value"].split(":")[0] != written["value"].split(":")[0]

    settings.KESTRA_ENCRYPTION_KEYS = [NEW]
    with pytest.raises(Locked, match="not among the configured ones"):
        decrypt_value(written)


def test_a_value_that_was_changed_is_not_read() -> None:
    written = encrypt_value("open sesame")
    key_id, _, text = written["value"].partition(":")
    sealed = bytearray(base64.b64decode(text))
    sealed[-1] ^= 1

    with pytest.raises(Locked, match="it was changed"):
        decrypt_value({**written, "value": f"{key_id}:{base64.b64encode(sealed).decode()}"})


def test_without_a_key_nothing_is_kept(settings: Any) -> None:
    settings.KESTRA_ENCRYPTION_KEYS = []

    with pytest.raises(Misconfigured, match="no encryption key"):
        encrypt_value("x")


def test_values_inside_maps_are_revealed_and_hidden() -> None:
    value = {"a": {"key": encrypt_value("open sesame")}, "b": [1]}

    assert reveal_encrypted(value) == {"a": {"key": "open sesame"}, "b": [1]}
    assert hide_encrypted(value) == {"a": {"key": "******"}, "b": [1]}
