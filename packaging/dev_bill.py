"""Writes the bill of materials and lists the licences of all that the program runs with."""

import subprocess
from pathlib import Path

import dev_environment
from dev_report import SetUpError, say

BILL = dev_environment.ROOT / "dist" / "partner-tokens.cdx.json"
SCRIPT = dev_environment.ROOT / "packaging" / "bill_of_materials.py"


def bill(arguments: list[str]) -> int:
    """Check what is installed, print the licences, and write the bill to the file that is named.

    Raises:
        SetUpError: the set-up failed, or something that is required is not installed.
    """
    dev_environment.ensure(tools=True)
    python = [str(dev_environment.PYTHON), "-I"]
    if subprocess.run([*python, "-m", "pip", "check"]).returncode:
        raise SetUpError(
            "the environment lacks what pip names above: delete .venv, then try again."
        )
    target = Path(arguments[0]).resolve() if arguments else BILL
    answer = subprocess.run([*python, str(SCRIPT), str(target)], cwd=dev_environment.ROOT)
    if not answer.returncode:
        say(f"The bill of materials (CycloneDX 1.6) is in {target}")
    return answer.returncode
