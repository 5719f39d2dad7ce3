"""The look follows the system while the program runs."""

import gc

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from partner_tokens.ui.look import Look


@pytest.mark.parametrize("scheme", [Qt.ColorScheme.Dark, Qt.ColorScheme.Light])
def test_a_system_that_becomes_dark_later_is_followed(
    qapp: QApplication, scheme: Qt.ColorScheme
) -> None:
    look = Look(qapp, scheme)
    gc.collect()
    qapp.styleHints().colorSchemeChanged.emit(scheme)
    assert look.dark is (scheme is Qt.ColorScheme.Dark)
