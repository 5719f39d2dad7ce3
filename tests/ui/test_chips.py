"""The chips: what is there is counted, what is not stays away, and one is on at a time."""

import pytest
from pytestqt.qtbot import QtBot

from partner_tokens.ui.chips import Chips, chip_label
from partner_tokens.ui.token_model import Chip


@pytest.fixture
def chips(qtbot: QtBot) -> Chips:
    made = Chips()
    qtbot.addWidget(made)
    return made


def show(chips: Chips, **counts: int) -> list[str]:
    """The chips that can be seen, with their counts."""
    chips.show_counts({chip: counts.get(chip.name, 0) for chip in Chip})
    return seen(chips)


def seen(chips: Chips) -> list[str]:
    return [button.text() for button in chips._buttons.values() if not button.isHidden()]


def test_nothing_is_counted_before_the_rows_are_there(chips: Chips) -> None:
    assert seen(chips) == ["All"]


def test_only_chips_with_tokens_are_shown(chips: Chips) -> None:
    assert show(chips, ALL=5, REFUSED=2, FINE=3) == ["All  5", "Refused  2", "Fine  3"]


def test_a_whole_is_left_out_where_one_part_is_all_of_it(chips: Chips) -> None:
    assert "Needs attention  2" not in show(chips, ALL=2, ATTENTION=2, EXPIRED=2)
    assert "Needs attention  3" in show(chips, ALL=3, ATTENTION=3, EXPIRED=2, REFUSED=1)
    assert "This month  2" not in show(chips, ALL=2, WEEK=2, MONTH=2)
    assert "This month  3" in show(chips, ALL=3, WEEK=2, MONTH=3)


def test_where_all_are_fine_all_is_enough(chips: Chips) -> None:
    assert show(chips, ALL=3, FINE=3, PINNED=1) == ["All  3", "Pinned  1"]


def test_the_last_reminder_is_shown_while_it_is_chosen(chips: Chips) -> None:
    assert show(chips, ALL=2, REMINDED=1) == ["All  2"]
    chips.choose(Chip.REMINDED)
    assert seen(chips) == ["All  2", "Last reminder  1"]
    chips.choose(Chip.ALL)
    assert seen(chips) == ["All  2"]


def test_a_chip_that_has_become_empty_gives_way_to_all(chips: Chips) -> None:
    show(chips, ALL=2, REFUSED=1)
    chips.choose(Chip.REFUSED)
    assert show(chips, ALL=1) == ["All  1"]
    assert chips.chip is Chip.ALL


def test_all_chips_at_once_wrap_at_the_least_width(chips: Chips) -> None:
    show(chips, **{chip.name: 1000 + n for n, chip in enumerate(Chip)})
    chips.resize(608, chips.heightForWidth(608))
    chips.show()
    shown = [button for button in chips._buttons.values() if button.isVisible()]
    assert len(shown) == len(Chip) - 1
    assert all(button.geometry().right() <= 608 for button in shown)
    assert all(button.geometry().bottom() <= chips.height() for button in shown)


def test_every_chip_has_a_label_of_its_own() -> None:
    assert len({chip_label(chip) for chip in Chip}) == len(Chip)
