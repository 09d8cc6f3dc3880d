"""When a figure counts as reached, and how it stands in the table."""

from benchmarks.readings import Floor, Outcome, Reading, at_least, at_most
from benchmarks.reporting import rows_of, terminal_table, write_page


def test_a_reading_is_reached_by_its_worst_round() -> None:
    slow_once = Reading("time", "s", (0.1, 0.2, 0.9), at_most(0.5))
    quick = Reading("rate", "/s", (900, 1000), at_least(900))

    assert (slow_once.worst, slow_once.is_reached) == (0.9, False)
    assert (quick.worst, quick.is_reached) == (900, True)


def test_a_reading_also_keeps_the_ratio_to_its_floor() -> None:
    far = Reading("time", "s", (0.4,), at_most(0.5), Floor("bare", 0.1, at_most(3)))
    near = Reading("time", "s", (0.4,), at_most(0.5), Floor("bare", 0.2, at_most(3)))
    told_only = Reading("time", "s", (0.4,), at_most(0.5), Floor("bare", 0.1))

    assert [each.is_reached for each in (far, near, told_only)] == [False, True, True]


def test_a_figure_that_failed_is_not_reached_and_says_so() -> None:
    outcome = Outcome("T1", "title", failure="no server")

    assert not outcome.is_reached
    assert rows_of(outcome)[0][-1] == "FAILED"


def test_the_page_explains_what_is_missed_only(tmp_path) -> None:
    missed = Outcome("T1", "one", (Reading("rate", "/s", (5.0,), at_least(10)),), "the profile")
    reached = Outcome("T2", "two", (Reading("time", "s", (1.0,), at_most(2)),), "never shown")
    page = tmp_path / "page.md"

    write_page([missed, reached], [("processor", "2 cores")], page)

    text = page.read_text(encoding="utf-8")
    assert "the profile" in text and "2 cores" in text
    assert "never shown" not in text


def test_all_rows_of_the_table_have_the_same_columns() -> None:
    outcome = Outcome("T1", "one", (Reading("rate", "/s", (1234.5,), at_least(10)),))

    header, rule, row = terminal_table([outcome]).splitlines()

    assert header.startswith("#") and rule.startswith("-")
    assert "1,234 /s" in row and row.endswith("yes")
