"""The stage itself: a small program is driven and seen on it, so that a story can be believed."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from patience import wait_for
from stories.harness import Stage
from stories.tracer import await_end, recorded, tracing
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
        SECRET.encode("utf-16-be"),
        SECRET.encode().hex().encode(),
        SECRET.encode().hex().upper().encode(),
        quote(SECRET, safe="").encode(),
        quote_plus(SECRET).encode(),
        *(b64encode(before + SECRET.encode() + b", and") for before in (b"", b"a", b"ab", b"abc")),
        urlsafe_b64encode(b"?>" + SECRET.encode()),
    ],
)
def test_a_secret_is_found_in_each_of_its_forms(written: bytes) -> None:
    places = {"log": b"said " + written + b".", "list": b"Marker? of another"}
    assert found_in(places, SECRET) == ["log"]


@pytest.mark.parametrize(
    "encode",
    [
        str.encode,
        lambda part: part.encode("utf-16-le"),
        lambda part: part.encode().hex().encode(),
        lambda part: b64encode(b"?" + part.encode()),
    ],
)
def test_a_part_of_a_long_secret_is_found(encode: Callable[[str], bytes]) -> None:
    secret = "".join(map(str, range(100)))
    assert found_in({"log": encode(secret[50:90]), "list": encode(secret[50:60])}, secret) == [
        "log"
    ]


def test_what_a_program_wrote_to_files_that_are_gone_and_started_others_with_is_known(
    stage: Stage, tmp_path: Path
) -> None:
    record = tmp_path / "calls"
    code = f"""
import os, pathlib, subprocess
gone = pathlib.Path({str(stage.folder)!r}, "gone")
gone.write_bytes("s\u00e4cret-1 \\"x\\"\\n".encode("utf-16-le"))
gone.unlink()
subprocess.run(["/bin/true", "secret-2"], env={{"VARIABLE": "secret-3"}})
"""
    program = stage.desktop.start(["-c", code], "deeds", under=tracing(record, beside=True))
    assert program.ended() == 0
    await_end(record, program.process.pid)
    found = recorded(record)
    gone = f"written to {stage.folder}/gone"
    assert found[gone].decode("utf-16-le") == 's\u00e4cret-1 "x"\n'
    (start,) = [found[place] for place in found if found[place].startswith(b"/bin/true\n")]
    assert start == b"/bin/true\n/bin/true\nsecret-2\nVARIABLE=secret-3"
