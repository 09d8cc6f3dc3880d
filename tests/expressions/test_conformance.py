"""The recorded cases of the language, run in process. They live beside the checkout."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from expressions.evaluate_lines import evaluate_lines

_CHECKOUT = Path(__file__).resolve().parents[2]
_CASES = (
    Path(os.environ.get("CONFORMANCE_DIR") or _CHECKOUT.parent / "shared" / "conformance")
    / "expressions.yaml"
)


class _Loader(yaml.SafeLoader):
    """Leaves what looks like a date as text."""


_Loader.yaml_implicit_resolvers = {
    first: [rule for rule in rules if rule[0] != "tag:yaml.org,2002:timestamp"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _cases() -> Iterator[Any]:
    if not _CASES.is_file():
        reason = f"no {_CASES.name}: set CONFORMANCE_DIR to the folder that holds it"
        yield pytest.param({}, {}, marks=pytest.mark.skip(reason=reason), id="absent")
        return
    document = yaml.load(_CASES.read_text(encoding="utf-8"), _Loader)
    for case in document["cases"]:
        yield pytest.param(case, document.get("fixtures") or {}, id=case["id"])


def _answer(case: dict[str, Any], fixtures: dict[str, Any]) -> dict[str, Any]:
    request = {"id": 1, "template": case["template"], "context": case.get("context") or {}}
    request["typed"] = "expect_typed" in case or bool(case.get("typed"))
    if "fixtures" in case:
        request["fixtures"] = fixtures[case["fixtures"]]
    answer: dict[str, Any] = json.loads(next(evaluate_lines([json.dumps(request)])))
    return answer


@pytest.mark.parametrize(("case", "fixtures"), list(_cases()))
def test_the_case_gives_what_was_recorded(case: dict[str, Any], fixtures: dict[str, Any]) -> None:
    answer = _answer(case, fixtures)

    if case.get("error"):
        assert str(case.get("error_contains", "")).lower() in answer["error"].lower()
    elif "expect_match" in case:
        assert re.fullmatch(case["expect_match"], answer["result"])
    else:
        expected = case["expect_typed"] if "expect_typed" in case else case["expect"]
        assert json.dumps(answer["result"]) == json.dumps(expected)
