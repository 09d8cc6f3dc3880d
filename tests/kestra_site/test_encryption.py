"""The encryption key: made once, private, never silently absent."""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from common.errors import Misconfigured
from kestra_site.config import Configuration, load_configuration
from kestra_site.encryption import (
    KEY_FILE,
    derive_key,
    encryption_key,
    ensure_key_file,
    key_bytes,
    require_encryption_key,
)

KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


def configuration_in(folder: Path, **environment: str) -> Configuration:
    return load_configuration(environment={"KESTRA_DATA_DIR": str(folder), **environment})


def test_key_file_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    configuration = configuration_in(tmp_path)

    ensure_key_file(configuration)
    first = encryption_key(configuration)
    ensure_key_file(configuration)

    assert encryption_key(configuration) == first
    assert len(key_bytes(first)) == 32
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


def test_configured_key_wins_over_the_file(tmp_path: Path) -> None:
    ensure_key_file(configuration_in(tmp_path))

    assert encryption_key(configuration_in(tmp_path, KESTRA_ENCRYPTION_SECRET_KEY=KEY)) == KEY


def test_absent_key_stops_the_start_with_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="openssl rand -base64 32"):
        require_encryption_key(configuration_in(tmp_path))


def test_short_key_is_refused_without_being_shown() -> None:
    with pytest.raises(Misconfigured, match="too short") as caught:
        key_bytes("hidden-word")

    assert "hidden-word" not in str(caught.value)


def test_each_label_gets_a_key_of_its_own() -> None:
    assert derive_key(KEY, "django") != derive_key(KEY, "cookies")
    assert derive_key(KEY, "django") == derive_key(KEY, "django")


def test_keys_are_those_of_the_standard_derivation() -> None:
    standard = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"django")

    assert derive_key(KEY, "django") == standard.derive(key_bytes(KEY)).hex()
