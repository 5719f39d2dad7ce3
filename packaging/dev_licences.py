"""Writes the licence texts that are shipped with the program, from what is installed."""

import subprocess

import dev_environment

SCRIPT = dev_environment.ROOT / "packaging" / "licence_texts.py"


def licences(_arguments: list[str]) -> int:
    """Refresh resources/licences; the answer is the exit code.

    Raises:
        SetUpError: the set-up failed.
    """
    dev_environment.ensure(tools=True)
    return subprocess.run([str(dev_environment.PYTHON), str(SCRIPT)]).returncode
