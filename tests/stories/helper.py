"""A program of the system's Python that stands in for a part of a desktop, and answers lines."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from stories.harness import SYSTEM_PYTHON


class Helper:
    """Runs a file beside this one; that says a word once it is there."""

    def __init__(self, name: str, environment: Mapping[str, str]) -> None:
        self._file = Path(__file__).parent / name
        self._environment = {**environment, "PYTHONPATH": ""}
        self.start()

    def start(self) -> Self:
        """Starts it, and waits until it is there."""
        self._process = subprocess.Popen(
            [SYSTEM_PYTHON, str(self._file)],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() in {"host", "there"}
        return self

    def ask(self, question: str) -> Any:
        """What it answers, read from JSON."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{question}\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def end(self) -> None:
        """It crashes."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
