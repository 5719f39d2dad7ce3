"""Runs every check of the checkout and sums them up."""

import json
import os
import signal
import subprocess
import time

import dev_environment
import dev_system
from dev_report import say

COVERAGE = dev_environment.ROOT / "coverage.json"
BRANCHES_AT_LEAST = 98.0
CHECKS = (
    ("ruff check", ["ruff", "check"]),
    ("ruff format", ["ruff", "format", "--check"]),
    ("mypy", ["mypy"]),
)


def test(arguments: list[str]) -> int:
    """Run ruff, mypy and pytest with the core's coverage; with arguments, pytest alone with them.

    The answer is 0 only if all of them passed. All are run even if one fails.

    Raises:
        SetUpError: the set-up failed.
    """
    dev_environment.ensure(tools=True)
    dev_system.ensure_for_tests(dev_environment.qt_folder())
    if arguments:
        return _module(["pytest", *arguments])
    results = [(name, _step(name, command)) for name, command in CHECKS]
    COVERAGE.unlink(missing_ok=True)
    results.append(
        (
            "pytest",
            _step(
                "pytest", ["pytest", "--cov", "--cov-report=term", f"--cov-report=json:{COVERAGE}"]
            ),
        )
    )
    results.append(_branches())
    say("")
    for name, passed in results:
        say(f"{'passed' if passed else 'FAILED'}  {name}")
    return 0 if all(passed for _, passed in results) else 1


def branch_percentage(report: str) -> float:
    """Work out from coverage's JSON report how many of a hundred branches were taken."""
    totals: dict[str, int] = json.loads(report)["totals"]
    return 100 * totals["covered_branches"] / max(totals["num_branches"], 1)


def _branches() -> tuple[str, bool]:
    wish = f"at least {BRANCHES_AT_LEAST:g} % of the core's branches covered"
    if not COVERAGE.exists():
        return f"{wish} (not measured)", False
    percentage = branch_percentage(COVERAGE.read_text(encoding="utf-8"))
    return f"{wish}: {percentage:.1f} %", percentage >= BRANCHES_AT_LEAST


def _step(name: str, command: list[str]) -> bool:
    say(f"\n--- {name}")
    began = time.monotonic()
    code = _module(command)
    say(f"{name}: {_outcome(code)} after {time.monotonic() - began:.0f} s")
    return code == 0


def _outcome(code: int) -> str:
    if code >= 0:
        return "FAILED" if code else "passed"
    # A native crash inside a test leaves no other word: the program under test keeps the trace.
    return f"FAILED, ended by {signal.Signals(-code).name}"


def _module(command: list[str]) -> int:
    environment = dict(os.environ)
    if not any(environment.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG")):
        environment["LANG"] = "C.UTF-8"  # Qt warns of any other, and a warning fails a test
    return subprocess.run(
        [str(dev_environment.PYTHON), "-m", *command], cwd=dev_environment.ROOT, env=environment
    ).returncode
