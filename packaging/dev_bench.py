"""Measures the speed of the checkout beside its peers."""

import os
import subprocess

import dev_environment
import dev_system
from dev_report import SetUpError, say

PEERS = ("keepassxc", "curl")


def bench(arguments: list[str]) -> int:
    """Print one table of figures; 1 where a goal is missed.

    Raises:
        SetUpError: the set-up failed.
    """
    dev_environment.ensure(tools=True)
    dev_system.ensure_for_tests(dev_environment.qt_folder())
    try:
        dev_system.ensure_packages(PEERS, "the programs to compare with")
    except SetUpError as error:
        say(f"Compared only with what there is: {error}")
    root = dev_environment.ROOT
    places = os.pathsep.join(str(root / folder) for folder in ("gui", "tests", "packaging"))
    environment = {**os.environ, "PYTHONPATH": places}
    environment.setdefault("LANG", "C.UTF-8")
    command = [str(dev_environment.PYTHON), "-m", "bench.run", *arguments]
    return subprocess.run(command, cwd=root, env=environment).returncode
