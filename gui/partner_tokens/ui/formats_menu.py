"""The menu of forms in which a header can be copied."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QMenu, QWidget

from partner_tokens.core.formats import Form, Format, Template
from partner_tokens.core.language import _
from partner_tokens.core.wording import format_label

GROUPS = (
    (Format.HEADER, Format.BEARER, Format.TOKEN),
    (Format.CURL, Format.CURL_CMD, Format.POWERSHELL, Format.HTTPIE, Format.PYTHON),
    (Format.ENV_BASH, Format.ENV_POWERSHELL, Format.ENV_CMD),
)
"""Header forms, commands, lines that set a variable."""


def formats_menu(
    parent: QWidget, chosen: Callable[[Form], None], own: Sequence[Template] = ()
) -> QMenu:
    """All forms, the user's own last, each with a letter to press; `chosen` is told which."""
    menu = QMenu(_("Copy as"), parent)
    menu.setAccessibleName(_("Copy as"))
    taken: set[str] = set()
    groups: tuple[Sequence[Form], ...] = (*GROUPS, own) if own else GROUPS
    for group in groups:
        if not menu.isEmpty():
            menu.addSeparator()
        for form in group:
            label = format_label(form).replace("&", "&&")
            action = menu.addAction(with_letter(label, taken))
            action.setData(form)
            action.triggered.connect(lambda _on=False, form=form: chosen(form))
    return menu


def with_letter(label: str, taken: set[str]) -> str:
    """The label with an ampersand before a letter not yet taken, a word's first one if possible."""
    firsts = [at for at in range(len(label)) if at == 0 or not label[at - 1].isalnum()]
    for at in (*firsts, *range(len(label))):
        letter = label[at].casefold()
        if letter.isalnum() and letter not in taken:
            taken.add(letter)
            return f"{label[:at]}&{label[at:]}"
    return label
