"""The flows that are measured."""

import yaml

from benchmarks.figures import ALL
from benchmarks.flows import all_sources


def test_every_source_is_a_flow_of_its_own_name() -> None:
    for name, source in all_sources().items():
        assert yaml.safe_load(source)["id"] == name


def test_flows_of_light_tasks_have_a_twin_with_logs() -> None:
    names = set(all_sources())

    assert {"chain-1-log", "chain-40-log", "parallel-40-log", "for-each-log"} <= names


def test_there_are_fifteen_figures_in_order() -> None:
    assert [figure.id for figure in ALL] == [f"T{number}" for number in range(1, 16)]
