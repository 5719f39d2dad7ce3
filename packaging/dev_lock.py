"""Writes the pinned requirements anew, with the tool uv."""

import shutil
import subprocess

from dev_environment import REQUIREMENTS, REQUIREMENTS_DEV, REQUIREMENTS_PACKAGE, ROOT
from dev_report import SetUpError, say

HEADERS = {
    REQUIREMENTS: "# What Partner Tokens runs with, and hatchling to install the checkout.\n",
    REQUIREMENTS_DEV: "# requirements.txt at the same versions, and the tools of the tests.\n",
    REQUIREMENTS_PACKAGE: "# requirements.txt at the same versions, and what makes packages.\n",
}
COMMON_HEADER = (
    "# Pinned with the hashes of the published files, for Python 3.11 and later\n"
    "# on Linux, macOS and Windows. Written by `python3 packaging/dev.py lock`.\n"
)
UV_OPTIONS = (
    "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header",
    "--no-annotate", "--no-config", "--no-emit-index-url", "--no-emit-find-links",
)  # fmt: skip


def lock_requirements(options: list[str]) -> int:
    """Write the requirement files anew from pyproject.toml.

    Pins that still fit are kept, unless `--upgrade` is among the options, which go to uv.

    Raises:
        SetUpError: uv is missing or found no answer.
    """
    uv = shutil.which("uv")
    if uv is None:
        raise SetUpError(
            "the tool `uv` is not on the PATH: install it (`pipx install uv`), then try again."
        )
    for file, more in (
        (REQUIREMENTS, ["--group", "build"]),
        (REQUIREMENTS_DEV, ["--group", "dev", "-c", str(REQUIREMENTS)]),
        (REQUIREMENTS_PACKAGE, ["--group", "package", "-c", str(REQUIREMENTS)]),
    ):
        say(f"Resolving {file.relative_to(ROOT)} …")
        place = ["--output-file", str(file), str(ROOT / "pyproject.toml")]
        command = [uv, "pip", "compile", *UV_OPTIONS, *options, *more, *place]
        if subprocess.run(command, cwd=ROOT).returncode:
            raise SetUpError("uv gave up, and says why above; the file was not changed.")
        file.write_text(
            HEADERS[file] + COMMON_HEADER + file.read_text(encoding="utf-8"),
            encoding="utf-8",
            newline="\n",
        )
    return 0
