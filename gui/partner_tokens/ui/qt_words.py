"""Teaches Qt the language that the program speaks: its buttons, menus, keys, dates, direction."""

from PySide6.QtCore import QObject, QTranslator
from PySide6.QtWidgets import QApplication

from partner_tokens.core.language import _, spoken
from partner_tokens.core.languages import SOURCE, system_speaks_source


def speak_our_language(qt: QApplication) -> None:
    """Before the first widget is made. Where the desktop speaks the same, its own ways hold."""
    language = spoken()
    if language == SOURCE and system_speaks_source():
        return
    from PySide6.QtCore import QLibraryInfo, QLocale  # its countries alone take 5 ms

    wanted, system = QLocale(language), QLocale.system()
    if system.language() is not wanted.language():
        QLocale.setDefault(QLocale(wanted.language(), system.territory()))
    if language == SOURCE:
        return
    qt.setLayoutDirection(wanted.textDirection())
    words = QTranslator(qt)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if words.load(f"qtbase_{language}", folder):
        qt.installTranslator(words)
    qt.installTranslator(KeyNames(qt))


class KeyNames(QTranslator):
    """The keys as they are written upon keyboards; Qt spells them out, and our words do not."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._names = {
            "Ctrl": _("Ctrl"),
            "Shift": _("Shift"),
            "Alt": _("Alt"),
            "Return": _("Return"),
            "Enter": _("Enter"),
            "Esc": _("Esc"),
            "Del": _("Del"),
            "Backspace": _("Backspace"),
            "Space": _("Space"),
            "Tab": _("Tab"),
            "Menu": _("Menu"),
            "PgUp": _("PgUp"),
            "PgDown": _("PgDown"),
            "Up": _("Up"),
            "Down": _("Down"),
        }

    def isEmpty(self) -> bool:
        return False

    def translate(
        self,
        context: str,
        sourceText: str,
        /,
        disambiguation: str | None = None,  # noqa: ARG002  # as Qt calls it
        n: int = -1,  # noqa: ARG002
    ) -> str | None:
        """Nothing but the names of keys; for None, Qt asks its next translator."""
        return self._names.get(sourceText) if context == "QShortcut" else None
