"""A key that calls the program: which ones can be had, however they are written."""

import pytest

from partner_tokens.core.hotkeys import Hotkey, hotkey_in


@pytest.mark.parametrize(
    ("text", "held", "key"),
    [
        ("Ctrl+Alt+T", {"Ctrl", "Alt"}, "T"),
        ("Alt+Ctrl+T", {"Ctrl", "Alt"}, "T"),
        ("Meta+Shift+F12", {"Meta", "Shift"}, "F12"),
        ("Ctrl+Space", {"Ctrl"}, "Space"),
        ("Alt+0", {"Alt"}, "0"),
        ("Meta+F24", {"Meta"}, "F24"),
    ],
)
def test_a_key_with_something_held_can_be_had(text: str, held: set[str], key: str) -> None:
    assert hotkey_in(text) == Hotkey(frozenset(held), key)


@pytest.mark.parametrize(
    "text",
    [
        *("", "T", "F5", "Shift+T", "Ctrl", "Ctrl+", "Ctrl++", "Ctrl+T, Ctrl+T", "Ctrl+Ctrl+T"),
        *("Ctrl+Tab", "Ctrl+F25", "Ctrl+F0", "Ctrl+ñ", "Hyper+T", "ctrl+t", "Ctrl+T\n", "Ctrl+TT"),
    ],
)
def test_what_would_be_lost_to_other_programs_or_is_none_cannot(text: str) -> None:
    assert hotkey_in(text) is None
