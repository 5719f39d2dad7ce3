"""The watch over the endpoints: a check that fails otherwise than expected is not the last."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from partner_tokens.core.diagnosis import Diagnosis
from partner_tokens.core.ladder import Health
from partner_tokens.ui.watch import EVERY, Watch
from ui.building import building


def test_a_check_that_stumbles_is_made_again_in_its_time(
    tmp_path: Path, qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = Diagnosis.check
    checked: list[str] = []

    def stumbling(diagnosis: Diagnosis, endpoint: str) -> Health:
        checked.append(endpoint)
        if len(checked) == 1:
            raise ValueError("nobody expected this")
        return sound(diagnosis, endpoint)

    monkeypatch.setattr(Diagnosis, "check", stumbling)
    with building(tmp_path, qtbot, qapp) as house:
        token = house.store(house.know("api-token-1"), "Contoso")
        bugs: list[BaseException] = []
        house.background.bug.connect(bugs.append)
        watch = Watch(house.session, house.background, house.clock)
        watch.follow([token])
        qtbot.waitUntil(lambda: bool(bugs))
        assert watch.healths() == ()
        house.clock.forward(seconds=EVERY.total_seconds() + 1)
        watch.tick()
        qtbot.waitUntil(lambda: bool(watch.healths()))
        assert checked == [house.sandbox.url] * 2
