"""What the Python tasks share."""

import shutil
from collections.abc import Mapping
from typing import ClassVar

from plugins.core.runner.process import Process
from plugins.scripts.base import ScriptTask


class PythonTask(ScriptTask):
    """A script task whose image has Python and whose output comes line by line."""

    default_image: ClassVar[str] = "python:3.11-slim"

    def environment(self) -> Mapping[str, str]:
        return {"PYTHONUNBUFFERED": "1"}

    def program(self) -> str:
        """`python`, or `python3` on a worker that has only that."""
        is_here = isinstance(self.chosen_runner(), Process)
        return "python3" if is_here and shutil.which("python") is None else "python"
