"""Tasks that fail: allowed, caught, tried again."""

from __future__ import annotations

from chaos.flows.expected import BASH, CORE, SHELL, Expected, deeper, flow_of, tell

_ERRORS = f"""
tasks:
  - {{id: before, type: bench.Effect}}
  - {{id: fail, type: {CORE}.execution.Fail}}
  - {{id: never, type: bench.Effect}}
errors:
  - {{id: error, type: bench.Effect}}
  - {{id: error_log, type: {CORE}.log.Log, message: "it has failed"}}
finally:
  - {{id: always, type: bench.Effect}}
"""
_LOCAL = f"""
tasks:
  - id: group
    type: {CORE}.flow.Sequential
    tasks:
      - {{id: fail, type: {CORE}.execution.Fail}}
    errors:
      - {{id: error, type: bench.Effect}}
    finally:
      - {{id: always, type: bench.Effect}}
"""


def _allowed(port: int) -> str:
    return f"""
tasks:
  - id: allow
    type: {CORE}.flow.AllowFailure
    tasks:
      - id: fails
        type: {SHELL}
{deeper(BASH)}
        script: |
{deeper(tell(port, "exit 3"))}
      - {{id: never, type: bench.Effect}}
  - {{id: goes_on, type: bench.Effect}}
"""


def _retry(port: int) -> str:
    return f"""
tasks:
  - id: tries
    type: {SHELL}
    retry: {{type: constant, interval: PT0.3S, maxAttempt: 3}}
{BASH}
    script: |
{tell(port, "[ {{ taskrun.attemptsCount }} -ge 2 ]")}
  - id: inline
    type: {CORE}.execution.Fail
    condition: "{{{{ taskrun.attemptsCount < 1 }}}}"
    retry: {{type: constant, interval: PT0.2S, maxAttempt: 2}}
  - {{id: after, type: bench.Effect}}
"""


def failures(port: int) -> dict[str, Expected]:
    return {
        "allowed": Expected(
            flow_of("allowed", _allowed(port)),
            state="WARNING",
            runs={"allow": 1, "fails": 1, "goes_on": 1},
            states={"allow": "WARNING", "fails": "FAILED"},
            effects=frozenset({"fails", "goes_on"}),
            lines={"fails": "told ok"},
        ),
        "errors": Expected(
            flow_of("errors", _ERRORS),
            state="FAILED",
            runs={"before": 1, "fail": 1, "error": 1, "error_log": 1, "always": 1},
            states={"fail": "FAILED"},
            effects=frozenset({"before", "error", "always"}),
            lines={"error_log": "it has failed"},
        ),
        "local_errors": Expected(
            flow_of("local_errors", _LOCAL),
            state="FAILED",
            runs={"group": 1, "fail": 1, "error": 1, "always": 1},
            states={"group": "FAILED", "fail": "FAILED"},
            effects=frozenset({"error", "always"}),
        ),
        "retry": Expected(
            flow_of("retry", _retry(port)),
            runs={"tries": 1, "inline": 1, "after": 1},
            effects=frozenset({"tries", "after"}),
            counted={"tries": 3, "inline": 2},
            lines={"tries": "told ok"},
        ),
    }
