"""The look follows the system while the program runs."""

import gc
from typing import Any

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


def test_a_contrast_theme_that_is_chosen_later_is_followed(qapp: QApplication) -> None:
    hints: Any = getattr(qapp.styleHints(), "accessibility", None)
    if hints is None:
        pytest.skip("this Qt tells nothing of contrast")
    look = Look(qapp, Qt.ColorScheme.Light)
    followed: list[bool] = []
    look.changed.connect(lambda: followed.append(True))
    gc.collect()
    accessibility = hints()
    accessibility.contrastPreferenceChanged.emit(accessibility.contrastPreference())
    assert followed == [True]
