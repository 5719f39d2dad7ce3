"""The bill of materials tells what the program runs with, and nothing of this computer."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bill_of_materials import licence_of, parts

ROOT = Path(__file__).resolve().parents[2]
ACCEPTED = {
    "MIT",
    "MIT-0",
    "BSD-3-Clause",
    "Apache-2.0",
    "Apache-2.0 OR BSD-3-Clause",
    "MPL-2.0",
    "LGPL-2.1-or-later",
    "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
}
"""What may be shipped with the program; a new one is looked at before it is added here."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The bill, written by the command of its own."""
    target = tmp_path_factory.mktemp("bill") / "new" / "bill.json"
    script = ROOT / "packaging" / "bill_of_materials.py"
    subprocess.run([sys.executable, "-I", "-W", "error", script, target], check=True)
    return target.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def bill(written: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(written)
    return document


def test_it_lists_the_pinned_versions_that_run_here_and_no_tool_of_the_tests(
    bill: dict[str, Any],
) -> None:
    text = (ROOT / "packaging" / "requirements.txt").read_text(encoding="utf-8")
    pins = dict(re.findall(r"^(\S+)==([^\s;]+)", text, re.MULTILINE))
    listed = {one["name"]: one["version"] for one in bill["components"]}
    assert listed.items() <= pins.items()
    assert {"requests", "pyside6-essentials", "keyring", "pyrage", "urllib3"} <= listed.keys()
    assert not {"pytest", "mypy", "hatchling"} & listed.keys()
    assert bill["metadata"]["component"]["name"] == "partner-tokens"


def test_it_names_what_is_compiled_into_the_wheels(bill: dict[str, Any]) -> None:
    inside = {
        nested["name"]: nested["purl"] if "purl" in nested else nested["version"]
        for one in bill["components"]
        for nested in one.get("components", [])
    }
    assert "openssl" in inside
    assert inside["age-core"].startswith("pkg:cargo/age-core@")


def test_everything_in_it_is_joined_to_the_program(bill: dict[str, Any]) -> None:
    needs = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}
    met, waiting = set(), [bill["metadata"]["component"]["bom-ref"]]
    while waiting:
        name = waiting.pop()
        if name not in met:
            met.add(name)
            waiting += needs[name]
    assert {one["bom-ref"] for one in bill["components"]} <= met


def test_it_is_the_same_each_time_and_tells_nothing_of_this_computer(
    written: str, tmp_path: Path
) -> None:
    from bill_of_materials import bill as made

    assert made(parts()) == written
    assert "timestamp" not in written
    assert "file:" not in written
    assert str(Path.home()) + "/" not in written
    assert str(ROOT) not in written


def test_every_part_comes_under_a_licence_that_was_looked_at() -> None:
    assert {licence_of(part) for part in parts()} <= ACCEPTED
