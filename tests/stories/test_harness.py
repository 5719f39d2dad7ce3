"""The stage itself: a small program is driven and seen on it, so that a story can be believed."""

from base64 import b64encode, urlsafe_b64encode
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from patience import wait_for
from stories.harness import Stage
from stories.traces import found_in

pytestmark = pytest.mark.story

PROGRAM = """
import sys
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget

application = QApplication(sys.argv)
window = QWidget()
window.setWindowTitle("A small program")
field, button = QLineEdit(), QPushButton("Copy it")
field.setAccessibleName("What to copy")
layout = QVBoxLayout(window)
layout.addWidget(field)
layout.addWidget(button)
button.clicked.connect(lambda: application.clipboard().setText(field.text()))
window.show()
sys.exit(application.exec())
"""


def test_a_program_is_driven_by_keys_and_read_from_outside(stage: Stage, tmp_path: Path) -> None:
    program = stage.desktop.start(["-c", PROGRAM])
    stage.desktop.focus("A small program")
    stage.desktop.type("Hello, you")
    tree = stage.sees(program, "Hello, you")
    field = next(node for node in tree.walk() if node.name == "What to copy")
    assert (field.role, "focused" in field.states) == ("text", True)
    stage.desktop.keys("Tab", "space")
    wait_for(lambda: stage.desktop.clipboard() == "Hello, you", "copied by keys")
    stage.desktop.keys("shift+Tab")
    stage.desktop.type(" again")
    stage.press(program, "Copy it")
    wait_for(lambda: stage.desktop.clipboard() == " again", "copied by the screen reader")
    picture = tmp_path / "screen.png"
    stage.desktop.screenshot(picture)
    assert picture.stat().st_size > 5_000
    stage.desktop.keys("alt+F4")
    assert program.ended() == 0
    assert program.errors == ""


def test_a_keyring_is_there_and_open(stage: Stage) -> None:
    with stage.keyring.collection() as collection:
        assert collection is not None
        assert not collection.is_locked()


SECRET = "Marker?+/~ with spaces"


@pytest.mark.parametrize(
    "written",
    [
        SECRET.encode(),
        SECRET.encode("utf-16-le"),
        quote(SECRET, safe="").encode(),
        quote_plus(SECRET).encode(),
        *(b64encode(before + SECRET.encode() + b", and") for before in (b"", b"a", b"ab", b"abc")),
        urlsafe_b64encode(b"?>" + SECRET.encode()),
    ],
)
def test_a_secret_is_found_in_each_of_its_forms(written: bytes) -> None:
    places = {"log": b"said " + written + b".", "list": b"Marker? of another"}
    assert found_in(places, SECRET) == ["log"]


def test_a_part_of_a_long_secret_is_found() -> None:
    secret = "".join(map(str, range(100)))
    assert found_in({"log": secret[50:90].encode(), "list": secret[50:60].encode()}, secret) == [
        "log"
    ]
