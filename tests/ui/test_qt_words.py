"""What Qt says by itself, in a program of its own: it is taught a language once."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from compiled_words import write_compiled
from pseudo_words import pseudo
from words import TRANSLATIONS, source_words

ROOT = Path(__file__).parents[2]

PROGRAM = """
import json
from partner_tokens.application import make_qt

qt = make_qt()

from PySide6.QtCore import QDate, QLocale
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit

from partner_tokens.ui.choice_box import DateBox
from partner_tokens.ui.look import Look

look = Look(qt)
date = DateBox(look)
date.setDate(QDate(2027, 1, 31))
Button = QDialogButtonBox.StandardButton
box = QDialogButtonBox(Button.Cancel | Button.Discard)
line = QLineEdit()
menu = line.createStandardContextMenu()
native = QKeySequence.SequenceFormat.NativeText
print(json.dumps({
    "buttons": sorted(button.text().replace("&", "") for button in box.buttons()),
    "menu": [act.text().partition("\\t")[0].replace("&", "") for act in menu.actions()][3:5],
    "keys": [QKeySequence(keys).toString(native) for keys in ("Ctrl+Shift+Del", "Alt+Return")],
    "month": QLocale().monthName(1),
    "locale": QLocale().name(),
    "direction": qt.layoutDirection().name,
    "mark": [side for side in ("left", "right") if f"border-{side}: 3px" in qt.styleSheet()],
    "date": date.text(),
}))
"""


def said(folder: Path, **environment: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={
            "QT_QPA_PLATFORM": "offscreen",
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT / "gui"),
            "HOME": str(folder),
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_qt_speaks_spanish_where_the_desktop_does(tmp_path: Path) -> None:
    assert said(tmp_path, LANG="es_MX.UTF-8") == {
        "buttons": ["Cancelar", "Descartar"],
        "menu": ["Cortar", "Copiar"],
        "keys": ["Ctrl+Mayús+Supr", "Alt+Intro"],
        "month": "enero",
        "locale": "es_MX",
        "direction": "LeftToRight",
        "mark": ["left"],
        "date": "2027-01-31",
    }


@pytest.mark.parametrize(
    ("desktop", "locale"), [("C.UTF-8", "C"), ("en_GB.UTF-8", "en_GB"), ("de_DE.UTF-8", "en_DE")]
)
def test_qt_speaks_english_where_we_do(tmp_path: Path, desktop: str, locale: str) -> None:
    found = said(tmp_path, LANG=desktop)
    assert found["buttons"] == ["Cancel", "Discard"]
    assert found["keys"] == ["Ctrl+Shift+Del", "Alt+Return"]
    assert (found["month"], found["locale"]) == ("January", locale)


def test_a_language_from_right_to_left_turns_the_windows(tmp_path: Path) -> None:
    write_compiled(pseudo(source_words(), "ar_XB"), TRANSLATIONS / "ar_XB.mo")
    found = said(tmp_path, LANG="en_US.UTF-8", LANGUAGE="ar_XB")
    assert found["direction"] == "RightToLeft"
    assert found["mark"] == ["right"]
    assert found["date"] == "2027-01-31"
