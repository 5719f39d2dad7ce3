"""Teaches Qt the language that the program speaks: its buttons, menus, keys, dates, direction."""

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from partner_tokens.core.language import spoken
from partner_tokens.core.languages import SOURCE


def speak_our_language(qt: QApplication) -> None:
    """Before the first widget is made. Where the desktop speaks the same, its own ways hold."""
    language = spoken()
    wanted, system = QLocale(language), QLocale.system()
    if system.language() is QLocale.Language.C and language == SOURCE:
        return
    if system.language() is not wanted.language():
        QLocale.setDefault(QLocale(wanted.language(), system.territory()))
    if language == SOURCE:
        return
    qt.setLayoutDirection(wanted.textDirection())
    words = QTranslator(qt)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if words.load(f"qtbase_{language}", folder):
        qt.installTranslator(words)
