"""The YAML edge: what scalars mean, where things stand, and what is refused."""

from typing import Any

import pytest

from common.errors import Invalid, TooLarge
from common.yaml import MAX_DEPTH, dump_yaml, load_yaml, split_documents


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("", None),
        ("null", None),
        ("yes", "yes"),
        ("on", "on"),
        ("2024-01-31", "2024-01-31"),
        ("12:30:45", "12:30:45"),
        ("PT5M", "PT5M"),
        ("42", 42),
        ("-7", -7),
        ("+5", 5),
        ("1_000", 1000),
        ("0x1F", 31),
        ("0o17", 15),
        ("0644", 420),
        ("08", "08"),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1e999", "1e999"),
        (".inf", ".inf"),
        ("1.2.3", "1.2.3"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("-", [None]),
        ("9" * 1200, "9" * 1200),
    ],
)
def test_scalars_have_the_type_that_flows_mean(text: str, value: Any) -> None:
    loaded = load_yaml(f"key: {text}" if text != "-" else "key:\n  -").value

    assert loaded == {"key": value}
    assert type(loaded["key"]) is type(value)


def test_keys_stay_text_and_keep_their_order() -> None:
    assert list(load_yaml("b: 1\na: 2\ntrue: 3\n7: 4").value) == ["b", "a", "true", "7"]


def test_block_texts_are_never_numbers() -> None:
    assert load_yaml("a: |\n  12\nb: >\n  true\n").value == {"a": "12\n", "b": "true\n"}


def test_positions_are_of_keys_and_of_items() -> None:
    positions = load_yaml("id: a\ntasks:\n  - id: t\n    message: hi\n  - id: u\n").positions

    assert positions["id"] == (1, 1)
    assert positions["tasks[0]"] == (3, 5)
    assert positions["tasks[0].message"] == (4, 5)
    assert positions["tasks[1].id"] == (5, 5)


def test_the_nearest_position_of_what_is_not_there_is_that_of_what_holds_it() -> None:
    positions = load_yaml("id: a\ntasks:\n  - id: t\n").positions

    assert positions.nearest("tasks[0].type") == (3, 5)
    assert positions.nearest("tasks[9].cases.A[1]") == (2, 1)
    assert positions.nearest("other") == (1, 1)


@pytest.mark.parametrize(
    ("source", "line", "column", "words"),
    [
        ("a: 1\nb: 2\na: 3", 3, 1, "twice"),
        ("a: !!python/object:x {}", 1, 4, "tag"),
        ("a: !!str 1", 1, 4, "tag"),
        ("a: *nobody", 1, 4, "nobody"),
        ("a: &x\n  b: *x", 2, 6, "inside"),
        ("a: [1,\n", 2, 1, "not valid YAML"),
        ("a:\n\t- b", 2, 1, "not valid YAML"),
        ("a: 'b", 1, 6, "not valid YAML"),
        ("? [a]\n: b", 1, 3, "key"),
        ("a\n---\nb", 2, 1, "second document"),
        ("id: é\nname: \x07", 2, 7, "not valid YAML"),
        ("x: \ud800", 1, 4, "Unicode"),
    ],
)
def test_what_is_refused_says_where(source: str, line: int, column: int, words: str) -> None:
    with pytest.raises(Invalid) as caught:
        load_yaml(source)

    [violation] = caught.value.violations
    assert (violation.line, violation.column) == (line, column)
    assert words in violation.message


def test_deep_nesting_is_refused_and_does_not_break_the_process() -> None:
    with pytest.raises(Invalid, match="deeper"):
        load_yaml("[" * 100_000)
    assert load_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH).value is not None


def test_aliases_give_the_same_value_and_merge_maps() -> None:
    source = "a: &a {x: 1, y: 2}\nb: *a\nc:\n  <<: *a\n  y: 3\n"

    assert load_yaml(source).value == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 1, "y": 2},
        "c": {"y": 3, "x": 1},
    }


def test_aliases_that_multiply_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 8)]

    with pytest.raises(Invalid, match="aliases"):
        load_yaml("\n".join(lines))


def test_large_sources_are_refused() -> None:
    with pytest.raises(TooLarge):
        load_yaml("a: " + "é" * 30, max_bytes=50)


def test_documents_are_cut_byte_for_byte() -> None:
    first, second = "id: a\r\nx: |\n  --- no\n", "id: b\n# end"

    documents = split_documents(f"---\n{first}--- # next\n\n---\n{second}")

    assert [item.source for item in documents] == [first, second]
    assert [item.first_line for item in documents] == [2, 8]


def test_a_text_of_comments_has_no_document() -> None:
    assert split_documents("# nothing\n---\n\n") == []


@pytest.mark.parametrize(
    "value",
    [
        {"a": "two\nlines\n", "b": ["1", "true", "0644", "1e3", "yes", "~", ""], "c": {}},
        {"n": [1, 1.5, None, True, False], "text": "{{ inputs.a }}: #x", "é": "ü"},
        [{"same": [1]}, {"same": [1]}],
    ],
)
def test_what_is_written_loads_back(value: Any) -> None:
    assert load_yaml(dump_yaml(value)).value == value


def test_a_thousand_tasks_have_all_their_positions() -> None:
    tasks = "".join(f"  - id: t{n}\n    type: x\n    message: m\n" for n in range(1000))

    loaded = load_yaml(f"id: a\ntasks:\n{tasks}")

    assert len(loaded.value["tasks"]) == 1000
    assert loaded.positions["tasks[999].message"] == (3002, 5)
