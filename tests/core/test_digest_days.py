"""The day of the last digest: one digest a day, whoever asks."""

import threading
from datetime import date, timedelta
from pathlib import Path

from partner_tokens.core.digest_days import DigestDays

TODAY = date(2026, 6, 1)
DAY = timedelta(days=1)


def test_a_day_is_claimed_once(tmp_path: Path) -> None:
    days, other_window = DigestDays(tmp_path / "new"), DigestDays(tmp_path / "new")
    assert days.last(TODAY) is None
    assert days.claim(TODAY)
    assert not other_window.claim(TODAY)
    assert other_window.last(TODAY) == TODAY


def test_of_many_windows_at_once_one_tells(tmp_path: Path) -> None:
    told: list[bool] = []
    ready = threading.Barrier(8)

    def window() -> None:
        days = DigestDays(tmp_path)
        ready.wait(10)
        told.append(days.claim(TODAY))

    windows = [threading.Thread(target=window) for _ in range(8)]
    for each in windows:
        each.start()
    for each in windows:
        each.join(10)
    assert sorted(told) == [False] * 7 + [True]


def test_the_next_day_may_tell_again_and_leaves_one_file(tmp_path: Path) -> None:
    days = DigestDays(tmp_path)
    assert days.claim(TODAY)
    assert days.claim(TODAY + DAY)
    assert days.last(TODAY + DAY) == TODAY + DAY
    assert len(list(tmp_path.iterdir())) == 1


def test_a_day_from_a_wrong_clock_does_not_count(tmp_path: Path) -> None:
    days = DigestDays(tmp_path)
    assert days.claim(TODAY + 4000 * DAY)
    assert days.last(TODAY) is None
    assert days.claim(TODAY)
    assert days.last(TODAY) == TODAY


def test_files_of_others_are_let_alone(tmp_path: Path) -> None:
    stranger = tmp_path / "reminded-soon"
    stranger.touch()
    days = DigestDays(tmp_path)
    assert days.claim(TODAY)
    assert stranger.exists()


def test_where_nothing_can_be_written_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    days = DigestDays(tmp_path / "file")
    assert not days.claim(TODAY)
    assert days.last(TODAY) is None
