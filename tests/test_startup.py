"""What a start must not wait for."""

import json
from pathlib import Path

from offscreen import said_by

PROGRAM = """
import json, sys
from pathlib import Path
from partner_tokens.core.profile import profile_under
from partner_tokens.parts import Parts

parts = Parts(profile_under(Path(sys.argv[1])))

from PySide6.QtCore import QEvent, QObject
from partner_tokens.application import Application, make_qt
from partner_tokens.ui.main_window import Page

HEAVY = ("requests", "urllib3", "keyring", "cryptography", "truststore")
LATE = (
    "partner_tokens.deeds",
    "partner_tokens.ui.details_panel",
    "partner_tokens.core.history_sheet",
    "partner_tokens.ui.guide_dialog",
    "partner_tokens.ui.shortcut_sheet",
    "partner_tokens.ui.about_dialog",
    "partner_tokens.core.diagnostics",
    "partner_tokens.core.autostart",
    "partner_tokens.core.errors.service",
    *(f"partner_tokens.ui.{deed}" for deed in ("desk", "importing", "renewing", "reminders")),
)


class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and window.page is not Page.BLANK:
            print(json.dumps([name for name in HEAVY + LATE if name in sys.modules]))
            sys.stdout.flush()
            window.removeEventFilter(self)
            qt.quit()
        return False


qt = make_qt()
application = Application(qt, parts, parts.store.tokens)
window, first = application.window, FirstPaint()
window.installEventFilter(first)
sys.exit(application.run())
"""


def test_nothing_of_network_keyring_or_later_panels_is_loaded_at_the_first_paint(
    tmp_path: Path,
) -> None:
    assert json.loads(said_by(PROGRAM, tmp_path)) == []
