"""Runs what is done to the checkout to break it."""

import os
import subprocess

import dev_environment
import dev_system


def torture(arguments: list[str]) -> int:
    """Print one table of what came of it; 1 where a goal is missed.

    Raises:
        SetUpError: the set-up failed.
    """
    dev_environment.ensure(tools=True)
    dev_system.ensure_for_tests(dev_environment.qt_folder())
    root = dev_environment.ROOT
    places = os.pathsep.join(str(root / folder) for folder in ("gui", "tests"))
    environment = {**os.environ, "PYTHONPATH": places}
    environment.setdefault("LANG", "C.UTF-8")
    command = [str(dev_environment.PYTHON), "-m", "torture.run", *arguments]
    return subprocess.run(command, cwd=root, env=environment).returncode
