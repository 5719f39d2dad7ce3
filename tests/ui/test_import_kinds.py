"""Tokens of other kinds and apps, imported from a table and proven at their own addresses."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from partner_tokens.core.tokens import Kind, State
from partner_tokens.sandbox.behaviours import Behaviour, KnownToken
from partner_tokens.ui.import_model import Column
from partner_tokens.ui.main_window import Page
from partner_tokens.ui.proving import is_untried
from ui.import_steps import importing_world, marks, pasted, take_kind, token
from ui.world import World

HEADINGS = "Organization\tkind\ttoken\tclient_id\tclient_secret\torg_id\tEndpoint"


@pytest.fixture
def world(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[World]:
    with importing_world(qtbot, qapp, tmp_path) as built:
        yield built


def test_each_row_is_imported_as_its_kind_and_proven_at_its_own_address(world: World) -> None:
    url, secret = world.sandbox.url, token(3)
    ends = world.clock() + timedelta(days=70)
    cloud, app = Kind.CLOUD_SERVICES, Kind.OAUTH_APP_V2
    world.sandbox.register(
        KnownToken(token(1), "org-1", "Customer 1"),
        KnownToken(token(2), "org-2", "Customer 2", kind=cloud, expires_at=ends),
        KnownToken(f"build-app:{secret}", "org-3", "Customer 3", "build-app", kind=app),
    )
    world.start(page=Page.EMPTY)
    rows = (
        HEADINGS,
        f"Customer 1\t\t{token(1)}\t\t\t\t{url}",
        f"Customer 2\t{cloud.value}\t{token(2)}\t\t\t\t{url}",
        f"Customer 3\t{app.value}\t\tbuild-app\t{secret}\torg-3\t{url}",
        f"Customer 4\t\t\tother-app\t{secret}\torg-4\t{url}",
    )
    dialog = pasted(world, "\n".join(rows))
    assert sorted(marks(dialog)) == ["malformed", "new", "new", "new"]
    fates = {dialog.preview.model.index(line, Column.MARK).data() for line in range(4)}
    assert fates == {
        "It is not said which version of OAuth app this is.",
        "new",
        "new: API token of Cloud Services",
        "new: OAuth app, version 2",
    }
    dialog.take.click()
    world.until(lambda: "3 of 3 tokens work." in world.window.proving.words())
    stored = {one.organization.name: one for one in world.parts.store.tokens()}
    assert {one.result.state for one in stored.values()} == {State.READY}
    assert [stored[f"Customer {n}"].kind for n in (1, 2, 3)] == [Kind.NAVIGATOR, cloud, app]
    world.deeds.asking.look()
    world.until(lambda: world.parts.store.token(stored["Customer 2"].id).expiry.at == ends)


def test_an_imported_app_that_could_not_be_reached_is_offered_again(world: World) -> None:
    secret, app = token(3), Kind.OAUTH_APP_V1
    world.sandbox.register(
        KnownToken(f"build-app:{secret}", "org-3", "Customer 3", "build-app", kind=app)
    )
    world.sandbox.switch(everywhere=Behaviour.UNAVAILABLE)
    world.start(page=Page.EMPTY)
    row = f"Customer 3\t{app.value}\t\tbuild-app\t{secret}\torg-3\t{world.sandbox.url}"
    pasted(world, f"{HEADINGS}\n{row}").take.click()
    world.until(lambda: [t.result.state for t in world.parts.store.tokens()] == [State.UNREACHABLE])
    [stored] = world.parts.store.tokens()
    assert stored.user == "build-app"
    assert is_untried(stored)


def test_a_kind_is_chosen_for_the_rows_that_name_none(world: World) -> None:
    url, cloud = world.sandbox.url, Kind.CLOUD_SERVICES
    world.sandbox.register(KnownToken(token(1), "org-1", "Customer 1", kind=cloud))
    world.start(page=Page.EMPTY)
    dialog = pasted(world, f"[vmcConfig]\nrefresh_token = {token(1)}\norg_id = org-1\nurl = {url}")
    fate = dialog.preview.model.index(0, Column.MARK)
    assert fate.data() == "new"
    assert dialog.preview.usual.kind.isVisible()
    assert not dialog.preview.usual.version.isVisible()
    take_kind(dialog.preview.usual.kind, cloud)
    world.until(lambda: fate.data() == "new: API token of Cloud Services")
    dialog.take.click()
    world.until(lambda: "1 of 1 token works." in world.window.proving.words())
    [stored] = world.parts.store.tokens()
    assert (stored.kind, stored.endpoint) == (cloud, url)


def test_a_kind_proposes_its_hosts_and_a_host_of_one_kind_says_which(world: World) -> None:
    world.start(page=Page.EMPTY)
    dialog = pasted(world, f"Customer 1;{token(1)}\n")
    usual = dialog.preview.usual
    assert usual.endpoint.currentText() == "https://console.navigator.vmware.com"
    take_kind(usual.kind, Kind.CLOUD_SERVICES)
    assert usual.endpoint.currentText() == "https://console.cloud.vmware.com"
    world.until(lambda: dialog.preview.model.row_at(0).kind is Kind.CLOUD_SERVICES)
    take_kind(usual.kind, Kind.NAVIGATOR)
    usual.endpoint.setCurrentText("https://console.tanzu.broadcom.com")
    line = usual.endpoint.lineEdit()
    assert line is not None
    line.editingFinished.emit()
    assert usual.kind.currentData() == Kind.CLOUD_SERVICES.value
    world.until(
        lambda: dialog.preview.model.row_at(0).endpoint == "https://console.tanzu.broadcom.com"
    )
    assert dialog.preview.model.row_at(0).kind is Kind.CLOUD_SERVICES


def test_the_version_of_apps_is_chosen_by_the_user_and_never_proposed(world: World) -> None:
    world.start(page=Page.EMPTY)
    url = world.sandbox.url
    dialog = pasted(world, f"{HEADINGS}\nCustomer 1\t\t\tbuild-app\t{token(1)}\torg-1\t{url}\n")
    assert marks(dialog) == ["malformed"]
    assert dialog.preview.usual.version.isVisible()
    assert not dialog.preview.usual.kind.isVisible()
    assert dialog.preview.usual.version.currentIndex() == -1
    take_kind(dialog.preview.usual.version, Kind.OAUTH_APP_V2)
    world.until(lambda: marks(dialog) == ["new"])
    assert dialog.preview.model.row_at(0).kind is Kind.OAUTH_APP_V2
