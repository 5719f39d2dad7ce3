"""Whatever is shipped comes with the text of its licence, as its author wrote it."""

import json
import re
from pathlib import Path

import pytest

from bill_of_materials import parts
from licence_texts import FOLDER, INDEX, Part, texts_of

ROOT = Path(__file__).resolve().parents[2]
BUILD_ONLY = {
    "babel", "editables", "hatchling", "packaging", "pathspec", "pluggy", "tomlkit",
    "trove-classifiers",
}  # fmt: skip
"""In requirements.txt for building the checkout; nothing of them is shipped."""


def normal(name: str) -> str:
    return re.sub(r"[-_. ]+", "-", name).lower()


@pytest.fixture(scope="module")
def index() -> dict[str, Part]:
    return {normal(one["name"]): one for one in json.loads(INDEX.read_text("utf-8"))}


def test_every_pin_on_any_system_has_a_licence_text(index: dict[str, Part]) -> None:
    pinned = (ROOT / "packaging" / "requirements.txt").read_text("utf-8")
    pins = re.findall(r"^([\w.-]+)==", pinned, re.MULTILINE)
    assert {normal(pin) for pin in pins} - BUILD_ONLY - set(index) == set()
    assert {"partner-tokens", "python", "qt"} <= set(index)


def test_the_texts_are_those_of_the_versions_that_are_installed(index: dict[str, Part]) -> None:
    for part in parts():
        entry = index[normal(part.metadata["Name"])]
        shipped = "".join((FOLDER / file).read_text("utf-8") for file in entry["texts"])
        theirs = list(texts_of(part))
        for text in theirs:
            assert " ".join(text.split()) in " ".join(shipped.split()), entry["name"]
        if not theirs:
            assert entry["texts"] == ["LGPL-3.0-only.txt", "GPL-3.0-only.txt"]


def test_no_text_lies_there_without_a_part(index: dict[str, Part]) -> None:
    named = {file for entry in index.values() for file in entry["texts"]}
    assert {path.name for path in FOLDER.glob("*.txt")} == named
