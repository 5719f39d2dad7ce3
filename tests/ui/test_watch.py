"""The watch over the endpoints: a check that fails otherwise than expected is not the last."""

from dataclasses import replace
from datetime import timedelta
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


def test_an_endpoint_of_paused_organizations_only_is_asked_by_the_user_alone(
    tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    with building(tmp_path, qtbot, qapp) as house:
        token = house.store(house.know("api-token-1"), "Contoso")
        seen = token.organization
        until = house.clock() + timedelta(days=1)
        paused = house.parts.organizations.edit(seen, replace(seen, paused_until=until))
        watch = Watch(house.session, house.background, house.clock)
        asked = len(house.sandbox.requests)
        watch.follow([replace(token, organization=paused)])
        house.clock.forward(hours=1)
        watch.tick()
        assert not any(post.is_checking for post in watch._posts.values())
        assert len(house.sandbox.requests) == asked
        watch.check_now()
        qtbot.waitUntil(lambda: len(watch.healths()) == 1)
        house.clock.forward(days=1)
        asked = len(house.sandbox.requests)
        watch.tick()
        qtbot.waitUntil(lambda: len(house.sandbox.requests) > asked)


def test_one_token_that_is_not_paused_keeps_its_endpoint_watched(
    tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    with building(tmp_path, qtbot, qapp) as house:
        token = house.store(house.know("api-token-1"), "Contoso")
        paused = replace(token.organization, paused_until=house.clock() + timedelta(days=1))
        watch = Watch(house.session, house.background, house.clock)
        watch.follow([replace(token, organization=paused), token])
        qtbot.waitUntil(lambda: len(watch.healths()) == 1)


def test_what_is_asked_the_old_way_does_not_count_once_the_way_is_another(
    tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    with building(tmp_path, qtbot, qapp) as house:
        token = house.store(house.know("api-token-1"), "Contoso")
        watch = Watch(house.session, house.background, house.clock)
        told: list[int] = []
        watch.follow([token])
        qtbot.waitUntil(lambda: len(watch.healths()) == 1)
        watch.changed.connect(lambda: told.append(len(house.sandbox.requests)))
        asked = len(house.sandbox.requests)
        watch.check_now()
        watch.start_over()
        qtbot.waitUntil(lambda: bool(told))
        assert told == [asked + 2]
