import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.addresses import Address, check_tenant
from storage.errors import AddressRefused


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=5))
def test_an_address_that_is_accepted_survives_printing_and_stays_inside(names: list[str]) -> None:
    try:
        address = Address.of(*names)
    except AddressRefused:
        return

    assert Address.parse(str(address)) == address
    assert all(name not in {"", ".", ".."} and "/" not in name for name in address.segments)


def test_a_plain_path_is_not_decoded() -> None:
    assert Address.of_path("/a/100%25 b").segments == ("a", "100%25 b")


@pytest.mark.parametrize(
    "path", ["../a", "a/../b", "a//b", "a/./b", "//a", "a\\b", "a\0", "\ud800"]
)
def test_a_path_that_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(AddressRefused):
        Address.of_path(path)


def test_an_address_knows_its_folder_and_what_lies_below() -> None:
    folder = Address.parse("kestra:///a/b")
    file = folder.child("c.txt")

    assert file.parent == folder
    assert file.name == "c.txt"
    assert file.is_below(folder)
    assert file.is_below(Address(()))
    assert not folder.is_below(folder)
    assert not Address.parse("kestra:///a/bc/d").is_below(folder)
    assert file.relative_to(Address.parse("kestra:///a")) == "b/c.txt"


def test_a_slash_at_the_end_changes_nothing() -> None:
    assert Address.parse("kestra:///a/b/") == Address.parse("kestra:///a/b")


def test_a_path_too_deep_or_too_long_is_refused() -> None:
    with pytest.raises(AddressRefused):
        Address.of(*["a"] * 65)
    with pytest.raises(AddressRefused):
        Address.of(*["a" * 190] * 5)


def test_a_message_shows_strange_names_in_plain_letters() -> None:
    with pytest.raises(AddressRefused) as caught:
        Address.of("a\x1b[31m")

    assert "\x1b" not in str(caught.value)


def test_the_instance_has_a_folder_that_no_tenant_can_be_called() -> None:
    check_tenant("_instance")
    with pytest.raises(AddressRefused):
        check_tenant("_other")
