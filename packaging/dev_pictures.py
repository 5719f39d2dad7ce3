"""Paints the pictures of the user guide anew, with the private environment."""

import os
import subprocess

import dev_environment
import dev_system

SCRIPT = dev_environment.ROOT / "packaging" / "paint_pictures.py"


def pictures(_arguments: list[str]) -> int:
    """Paint them without a screen, in English; the answer is the exit code.

    Raises:
        SetUpError: the set-up failed.
    """
    dev_environment.ensure(tools=False)
    dev_system.ensure_for_window(dev_environment.qt_folder())
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "LANGUAGE": "en"}
    return subprocess.run([str(dev_environment.PYTHON), str(SCRIPT)], env=environment).returncode
