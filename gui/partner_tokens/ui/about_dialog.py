"""The window that says what this program is, what it is made of, and what it does not do."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from partner_tokens import __version__
from partner_tokens.core.language import _
from partner_tokens.ui.fact_list import FactText
from partner_tokens.ui.look import Look, scale_font
from partner_tokens.ui.tall_scroll import TallScroll

if TYPE_CHECKING:
    from partner_tokens.core.licences import Part

WIDTH, HEIGHT = 840, 580
SECTIONS_WIDTH = 170
LINE_MARGIN = 18
PICTURE = 48
LIST_SHARE = 2, 3
"""Of the height of the licences: the list of parts, and the text of one."""


class AboutDialog(QDialog):
    """Sections at the left, as in the preferences. What is looked up is shown when it comes."""

    copy_wanted = Signal(str)
    """The diagnostics are to be copied, as they are shown."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("About Partner Tokens"))
        self._look = look
        self._texts: list[str] = []
        self._picture = QLabel()
        self.sections = QListWidget()
        self._stack = QStackedWidget()
        self.parts = QListWidget()
        self.licence = _text_box(_("Licence"))
        self.diagnostics = _text_box(_("Diagnostics"))
        self._buttons = QDialogButtonBox()
        roles = QDialogButtonBox.ButtonRole
        self.copy = self._buttons.addButton(_("&Copy diagnostics"), roles.ActionRole)
        self.close_button = self._buttons.addButton(_("Close"), roles.RejectRole)
        self._lay_out()
        self._wire()
        self._dress()

    def _lay_out(self) -> None:
        self.sections.setObjectName("sectionList")
        self.sections.setAccessibleName(_("Sections"))
        self.sections.setFixedWidth(SECTIONS_WIDTH)
        for title, page in (
            (_("This program"), TallScroll(self._make_story())),
            (_("Licences"), self._make_licences()),
            (_("Diagnostics"), self._make_diagnostics()),
        ):
            line = QListWidgetItem(title, self.sections)
            line.setSizeHint(QSize(0, self.fontMetrics().lineSpacing() + LINE_MARGIN))
            self._stack.addWidget(page)
        sides = QHBoxLayout()
        sides.setSpacing(16)
        sides.addWidget(self.sections)
        sides.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(16)
        column.addLayout(sides, 1)
        column.addWidget(self._buttons)
        self.copy.setAutoDefault(False)
        self.copy.setEnabled(False)  # until there is something to copy
        self.close_button.setDefault(True)
        self.resize(QSize(WIDTH, HEIGHT).boundedTo(self.screen().availableGeometry().size()))

    def _make_story(self) -> QWidget:
        name = QLabel("Partner Tokens")
        name.setObjectName("pageTitle")
        scale_font(name, 1.4)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._picture)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(name)
        words.addWidget(QLabel(_("Version {version}").format(version=__version__)))
        head.addLayout(words, 1)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        column.addLayout(head)
        for title, text in _story():
            heading = QLabel(title)
            heading.setObjectName("factHeading")
            told = FactText()
            told.setAccessibleName(title)
            told.say(text)
            column.addSpacing(8)
            column.addWidget(heading)
            column.addWidget(told)
        column.addStretch(1)
        return page

    def _make_licences(self) -> QWidget:
        self.parts.setObjectName("plainList")
        self.parts.setAccessibleName(_("Parts of the program"))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.parts, LIST_SHARE[0])
        column.addWidget(self.licence, LIST_SHARE[1])
        return page

    def _make_diagnostics(self) -> QWidget:
        hint = QLabel(
            _("For whoever helps you. No token, no name of an organization or user, no address.")
        )
        hint.setWordWrap(True)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(hint)
        column.addWidget(self.diagnostics, 1)
        return page

    def _wire(self) -> None:
        self.sections.currentRowChanged.connect(self._stack.setCurrentIndex)
        self.sections.setCurrentRow(0)
        self.sections.setFocus()
        self.parts.currentRowChanged.connect(self._show_text)
        self.copy.clicked.connect(
            lambda: self.copy_wanted.emit(self.diagnostics.toPlainText()),
        )
        self._buttons.rejected.connect(self.reject)
        self._look.changed.connect(self._dress)

    def _dress(self) -> None:
        ratio = self.devicePixelRatioF()
        self._picture.setPixmap(self._look.pixmap("app", "text", PICTURE, ratio))

    # ---- what was looked up ----

    def show_diagnostics(self, report: str) -> None:
        """Shows what can be copied."""
        self.diagnostics.setPlainText(report)
        self.copy.setEnabled(True)

    def show_copied(self) -> None:
        """Says so on the button, too: the window's notice may be behind."""
        self.copy.setText(_("Copied"))

    def show_licences(self, found: "list[tuple[Part, str]]") -> None:
        """Shows the parts, and the text of the selected one."""
        self._texts = [text for _part, text in found]
        for part, _text in found:
            named = (part.name, part.version, part.licence)
            words = ", ".join(word for word in named if word)
            line = QListWidgetItem(words, self.parts)
            line.setSizeHint(QSize(0, self.fontMetrics().lineSpacing() + LINE_MARGIN // 2))
        self.parts.setCurrentRow(0)

    def _show_text(self, row: int) -> None:
        self.licence.setPlainText(self._texts[row])


def _text_box(name: str) -> QPlainTextEdit:
    box = QPlainTextEdit()
    box.setAccessibleName(name)
    box.setReadOnly(True)
    box.setTabChangesFocus(True)
    return box


def _story() -> list[tuple[str, str]]:
    """What there is to say, each under its heading."""
    return [
        (
            _("What it does not do"),
            _(
                "It counts nothing, reports nothing and looks for no updates. It talks to the "
                "endpoints of your tokens, over your proxy if you have one, and to nobody else."
            ),
        ),
        (
            _("Licence"),
            _(
                "Free software under the MIT licence. You may use, change and pass it on; there "
                "is no warranty."
            ),
        ),
        (
            _("Qt"),
            _(
                "The window is made with Qt and PySide6, used unchanged under the GNU Lesser "
                "General Public License, version 3. They are libraries of their own beside the "
                "program: you may replace them by changed ones, and take the program apart to "
                "find out what goes wrong then. Their source is at {address}. Both licences are "
                "under “Licences”."
            ).format(address="https://download.qt.io/official_releases/"),
        ),
    ]
