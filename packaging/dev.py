#!/usr/bin/env python3
"""Open Partner Tokens from a checkout, test it, or refresh its pinned requirements.

usage: python3 packaging/dev.py run [OPTIONS OF THE PROGRAM]
       python3 packaging/dev.py test [OPTIONS OF PYTEST]
       python3 packaging/dev.py lock [OPTIONS OF UV, for instance --upgrade]

run   makes .venv from hashed requirements, looks after the system libraries that Qt needs, and
      opens the program on its built-in demo; `run --profile DIR` opens that profile instead.
      `run -- OPTIONS` hands over exactly OPTIONS, so a bare `run --` opens your own tokens.
      Without a screen the demo is shown as text, and a picture of its window is written.
test  adds the test tools and runs ruff, mypy and pytest; with options, pytest alone with them.
lock  writes packaging/requirements*.txt anew from pyproject.toml, with the tool `uv`.

Needs nothing but Python 3.11 or later, on Linux, macOS or Windows.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - older Pythons get this far, and no further
    sys.exit(
        "Partner Tokens needs Python 3.11 or later, and this is Python {}.{}: use a newer one, "
        "for example `python3.12 packaging/dev.py run`.".format(*sys.version_info)
    )

import dev_checks
import dev_environment
import dev_run
from dev_report import SetUpError, say


def main(arguments: list[str]) -> int:
    """Carry out one command; the answer is the exit code."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    try:
        match command:
            case "run":
                return dev_run.run(rest)
            case "test":
                return dev_checks.test(rest)
            case "lock":
                return dev_environment.lock_requirements(rest)
            case "-h" | "--help" | "help":
                print(__doc__)
                return 0
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except SetUpError as error:
        say(f"Not done: {error}")
        return 1
    except KeyboardInterrupt:
        say("Stopped. The next run goes on from a sound state.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
