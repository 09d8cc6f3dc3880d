"""The process that runs jq programs, apart because a program can run for ever: JSON lines in,
JSON lines out. Started by `jq_programs`, it ends when its input does."""

import json
import resource
import sys
from typing import Any

_MEMORY = 1 << 30


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    import jq

    try:
        program = jq.compile(request["program"])
    except ValueError:
        return {"error": "the jq program is not valid"}
    results: list[Any] = []
    try:
        for result in program.input_text(request["input"]):
            results.append(result)
            if len(results) > request["most"]:
                return {"error": f"jq gave more than {request['most']} results"}
    except ValueError as error:
        return {"error": f"jq failed: {str(error)[:200]}"}
    except StopIteration:
        return {"error": "jq failed"}
    return {"results": results}


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin:
        try:
            answer = json.dumps(_answer(json.loads(line)))
        except MemoryError:
            answer = '{"error": "jq ran out of memory"}'
        except RecursionError:
            answer = '{"error": "the result of jq is nested too deeply"}'
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
