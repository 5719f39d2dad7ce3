"""A picture of the window after its first copy, as `--picture` writes it."""

from pathlib import Path

from PySide6.QtCore import QTimer

from partner_tokens.application import USUAL_SIZE, Application
from partner_tokens.ui.actions import Act

PATIENCE_MS = 15_000
"""After that the window is painted as it stands."""


def paint_picture(application: Application, file: Path) -> int:
    """Runs the program until the picture is written; the process's exit code, 1 if it cannot."""
    window, saved = application.window, list[bool]()

    def paint() -> None:
        saved.append(window.grab().save(str(file), "PNG"))
        application.qt.quit()

    def copy_first() -> None:
        copying = application.deeds.copying
        if application.watch.healths() and not copying.is_busy:
            application.watch.changed.disconnect(copy_first)
            copying.copied.connect(lambda: QTimer.singleShot(500, paint))
            window.wanted.emit(Act.COPY)

    application.watch.changed.connect(copy_first)
    QTimer.singleShot(PATIENCE_MS, paint)
    window.painted.connect(lambda: window.resize(USUAL_SIZE))
    application.run()
    return 0 if saved and saved[0] else 1
