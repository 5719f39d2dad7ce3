"""Asks where a file is to be written; the platform's dialog asks before one is replaced."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDir, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from partner_tokens.core.clock import Clock
from partner_tokens.core.instants import local_day


def ask_for_file(
    parent: QWidget,
    title: str,
    name_filter: str,
    suffix: str,
    clock: Clock,
    chosen: Callable[[Path], None],
    *,
    subject: str = "",
) -> None:
    """Proposes a name with a subject, today's date and this suffix, given without a dot.

    Does not wait.
    """
    dialog = QFileDialog(parent, title, _usual_folder())
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(name_filter)
    dialog.setDefaultSuffix(suffix)
    day = local_day(clock()).isoformat()
    name = "-".join(filter(None, ("partner-tokens", subject, day)))
    dialog.selectFile(f"{name}.{suffix}")
    dialog.fileSelected.connect(lambda file: chosen(Path(file)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def _usual_folder() -> str:
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return found if QDir(found).exists() else QDir.homePath()
