"""How far the way to an endpoint leads: the rungs, one next step, a report to copy."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from partner_tokens.core.errors import AppError
from partner_tokens.core.ladder import Outcome, Step
from partner_tokens.core.language import _
from partner_tokens.core.rungs import elapsed_words, fact_words, outcome_word, step_name
from partner_tokens.core.tokens import host_of
from partner_tokens.core.wording import clock_words
from partner_tokens.ui.background import Background
from partner_tokens.ui.ladder_delegate import RUNG_ROLE, LadderDelegate, RungView, usual_height
from partner_tokens.ui.ladder_words import report, rung_sentence, verdict
from partner_tokens.ui.look import Look
from partner_tokens.ui.message_panel import MessagePanel
from partner_tokens.ui.notices import announce
from partner_tokens.ui.session import Session

if TYPE_CHECKING:
    from partner_tokens.core.ladder import Ladder

WIDTH = 560
COPIED_FOR_MS = 2_000


class LadderDialog(QDialog):
    """Climbs when it is shown, on F5 and on its button; never in the way of the window."""

    def __init__(
        self,
        session: Session,
        background: Background,
        look: Look,
        endpoint: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self._background = background
        self._look = look
        self.endpoint = endpoint
        self._is_climbing = False
        self.ladder: Ladder | None = None
        self.setWindowTitle(_("Connection to {host}").format(host=host_of(endpoint)))
        self.rungs = QListWidget()
        self.panel = MessagePanel(look)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        role = QDialogButtonBox.ButtonRole.ActionRole
        self.again = self._buttons.addButton(_("Check &again"), role)
        self.copy = self._buttons.addButton(_("&Copy report"), role)
        self.close_button = self._buttons.button(QDialogButtonBox.StandardButton.Close)
        self.close_button.setText(_("Close"))
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(COPIED_FOR_MS)
        self._lay_out()
        self._wire()
        self._show_waiting()
        self._fit()
        self._check()

    def _lay_out(self) -> None:
        self.rungs.setObjectName("ladder")
        self.rungs.setAccessibleName(_("Steps of the connection"))
        self.rungs.setItemDelegate(LadderDelegate(self._look, self.rungs))
        self.rungs.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.rungs.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rungs.setUniformItemSizes(False)
        self.again.setToolTip(_("F5"))
        for step in Step:
            item = QListWidgetItem()
            item.setData(RUNG_ROLE, RungView(step_name(step), ""))
            self.rungs.addItem(item)
        self.rungs.setCurrentRow(0)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 16, 16, 16)
        foot.setSpacing(16)
        foot.addWidget(self.panel)
        foot.addWidget(self._buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.rungs, 1)
        column.addLayout(foot)
        self.close_button.setDefault(True)
        self.rungs.setMinimumHeight(120)
        self._dress()

    def _wire(self) -> None:
        self._buttons.rejected.connect(self.reject)
        self.again.clicked.connect(self._check)
        self.copy.clicked.connect(self._copy_report)
        self._copied.timeout.connect(self._dress)
        self._look.changed.connect(self._dress)
        self._session.changed.connect(self._core_came)
        QShortcut(QKeySequence(Qt.Key.Key_F5), self, self._check)

    def _fit(self) -> None:
        """Room for all rungs with a line of facts each, and for the panel with a sentence."""
        below = self.panel.sizeHint().height() + self.fontMetrics().lineSpacing() + 4
        below += self._buttons.sizeHint().height() + 3 * 16
        self.resize(WIDTH, usual_height(self.rungs.font(), len(Step)) + below)

    def _dress(self) -> None:
        self.again.setIcon(self._look.icon("refresh"))
        done = self._copied.isActive()
        self.copy.setIcon(self._look.icon("check", "fine") if done else self._look.icon("copy"))
        self.copy.setText(_("Copied") if done else _("&Copy report"))

    # ---- climbing ----

    def _check(self) -> None:
        core = self._session.core
        if self._is_climbing or core is None:
            return
        endpoint = self.endpoint
        self._is_climbing = True
        self._show_waiting()
        self._background.run(
            self,
            lambda: core.diagnosis.climb(endpoint),
            done=self._climbed,
            failed=self._could_not_climb,
        )

    def _core_came(self) -> None:
        if self.ladder is None:
            self._check()

    def _show_waiting(self) -> None:
        if self.focusWidget() is self.again:
            self.rungs.setFocus()
        self.again.setEnabled(False)
        self.copy.setEnabled(False)
        for row, step in enumerate(Step):
            self._fill(row, RungView(step_name(step), _("checking…")), step_name(step))
        words = _("Checking {host}…").format(host=host_of(self.endpoint))
        self.panel.say("plain", "clock", words)

    def _climbed(self, ladder: "Ladder") -> None:
        self._is_climbing = False
        self.ladder = ladder
        for row, rung in enumerate(ladder.rungs):
            view = RungView(
                step_name(rung.stage),
                outcome_word(rung.outcome),
                fact_words(rung, ladder),
                elapsed_words(rung.elapsed),
                rung.outcome,
            )
            self._fill(row, view, rung_sentence(rung, ladder))
        tone, icon, title, hint = verdict(ladder)
        checked = _("Checked at {time}.").format(time=clock_words(ladder.at))
        self.panel.say(tone, icon, title, f"{hint} {checked}")
        failed = ladder.failed
        self.rungs.setCurrentRow(ladder.rungs.index(failed) if failed else 0)
        self.again.setEnabled(True)
        self.copy.setEnabled(True)

    def _could_not_climb(self, error: AppError) -> None:
        self._is_climbing = False
        self.again.setEnabled(True)
        for row, step in enumerate(Step):
            self._fill(row, RungView(step_name(step), outcome_word(Outcome.SKIPPED)), "")
        self.panel.say_error(error)

    def _fill(self, row: int, view: RungView, sentence: str) -> None:
        item = self.rungs.item(row)
        item.setData(RUNG_ROLE, view)
        item.setText(f"{view.name}: {view.word}")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, sentence or item.text())

    # ---- the report ----

    def _copy_report(self) -> None:
        if self.ladder is None:
            return
        QGuiApplication.clipboard().setText(report(self.ladder))
        self._copied.start()
        self._dress()
        announce(self, _("Report copied"))
