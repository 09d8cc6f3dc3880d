"""Secrets in text."""

import base64
import threading

import pytest

from expressions.masking import Masker


@pytest.mark.parametrize(
    "form",
    [
        "p\"ss wörd/1", base64.b64encode("p\"ss wörd/1".encode()).decode(),
        base64.urlsafe_b64encode("p\"ss wörd/1".encode()).decode().rstrip("="),
        "p%22ss%20w%C3%B6rd%2F1", "p%22ss+w%C3%B6rd%2F1", 'p\\"ss wörd/1', 'p\\"ss w\\u00f6rd/1',
        "p\"ss wörd/1".encode().hex(), "p\"ss wörd/1".encode().hex().upper(),
    ],
)  # fmt: skip
def test_a_secret_is_hidden_in_every_form(form):
    assert Masker(['p"ss wörd/1']).mask(f"a {form} b") == "a ****** b"


def test_values_shorter_than_four_characters_are_left():
    assert Masker(["abc", ""]).mask("abc") == "abc"


def test_the_longest_secret_is_hidden_whole():
    masker = Masker(["pass", "password", "passage", "word"])

    assert masker.mask("password passage pass word") == "****** ****** ****** ******"


def test_the_lines_of_a_long_secret_are_hidden_one_by_one():
    masker = Masker(["-----BEGIN KEY-----\nMIIEabcdefgh\n}\n-----END KEY-----\n"])

    assert list(masker.mask_lines(["key MIIEabcdefgh", "}", "plain"])) == [
        "key ******",
        "}",
        "plain",
    ]


def test_secrets_added_later_hide_from_then_on():
    masker = Masker()
    before = masker.mask("later-secret")
    masker.add("later-secret")

    assert (before, masker.mask("later-secret")) == ("later-secret", "******")
    assert "later" not in repr(masker)


def test_many_threads_can_add_and_mask():
    masker = Masker()
    secrets = [f"secret-number-{index}!" for index in range(40)]

    def work(secret: str) -> None:
        masker.add(secret)
        assert masker.mask(secret) == "******"

    threads = [threading.Thread(target=work, args=(secret,)) for secret in secrets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert masker.mask(" ".join(secrets)) == " ".join(["******"] * 40)
