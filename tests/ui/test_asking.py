"""The service's own word on tokens: asked on the user's wish, and once a day in passing."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken, Kind, Organization, Result, State
from partner_tokens.sandbox.behaviours import KnownToken
from partner_tokens.ui.actions import Act
from ui.world import World

DETAILS = "/csp/gateway/am/api/auth/api-tokens/details"


def store(world: World, kind: Kind, *, days: float | None, tells: bool = True) -> None:
    """A stored token with a typed end in 5 days; the service says it ends in so many `days`."""
    vault, secret = world.parts.vault, "app:secret" if kind.is_app else f"{kind.value}-secret"
    if not vault.is_open:
        vault.begin_with_keyring()
    ends = None if days is None else world.clock() + timedelta(days=days)
    world.sandbox.register(
        KnownToken(secret, "org", "Contoso", kind=kind, expires_at=ends, tells_dates=tells)
    )
    token = ApiToken(
        id=kind.value,
        organization=Organization("Contoso", "org"),
        name="build",
        endpoint=world.sandbox.url,
        added_at=world.clock(),
        expiry=Expiry(world.clock() + timedelta(days=5)),
        result=Result(State.READY, None, world.clock()),
        kind=kind,
    )
    sealed = vault.seal(Secret(secret), token_id=token.id, endpoint=token.endpoint, kind=kind)
    world.parts.store.add(token, sealed, vault.fingerprint(Secret(secret)))


def asked(world: World) -> int:
    return sum(request.path == DETAILS for request in world.sandbox.requests)


def wish(world: World, kind: Kind) -> None:
    world.select(kind.value)
    action = world.window.acts[Act.ASK]
    assert action.isEnabled()
    action.trigger()


@pytest.mark.parametrize("kind", [Kind.NAVIGATOR, Kind.CLOUD_SERVICES])
def test_the_service_is_asked_for_the_dates_on_the_users_wish(world: World, kind: Kind) -> None:
    store(world, kind, days=60)
    world.start()
    with world.parts.database.writing() as connection:  # asked before, and typed over since
        connection.execute("UPDATE tokens SET asked_at = 1")
    wish(world, kind)
    world.until(lambda: "runs out on" in world.notice())
    assert "So says the service." in world.notice()
    token = world.token(kind.value)
    assert (token.expiry.at, token.expiry_told) == (world.clock() + timedelta(days=60), True)
    assert world.parts.store.token(token.id) == token
    index = world.application.model.index(0, 1)
    assert "from the service" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert "from the service" in world.application.model.sentence(token)


def test_a_service_that_does_not_know_is_said_plainly(world: World) -> None:
    store(world, Kind.NAVIGATOR, days=60, tells=False)
    world.start()
    before = world.parts.store.tokens()
    wish(world, Kind.NAVIGATOR)
    world.until(lambda: "does not tell the dates" in world.notice())
    assert world.parts.store.tokens() == before
    index = world.application.model.index(0, 1)
    assert "typed by you" in index.data(Qt.ItemDataRole.ToolTipRole)


def test_a_service_that_names_no_end_is_said_plainly(world: World) -> None:
    store(world, Kind.CLOUD_SERVICES, days=None)
    world.start()
    wish(world, Kind.CLOUD_SERVICES)
    world.until(lambda: "names no end" in world.notice())
    token = world.token(Kind.CLOUD_SERVICES.value)
    assert (token.expiry.at, token.expiry_told) == (world.clock() + timedelta(days=5), False)


def test_an_app_has_no_dates_and_nothing_is_sent(world: World) -> None:
    store(world, Kind.OAUTH_APP_V1, days=60)
    world.start()
    wish(world, Kind.OAUTH_APP_V1)
    world.until(lambda: "does not tell the dates" in world.notice())
    assert asked(world) == 0
    tooltip = world.application.model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "OAuth app, version 1" in tooltip


def test_cloud_services_are_asked_in_passing_and_others_are_not(world: World) -> None:
    for kind in (Kind.NAVIGATOR, Kind.CLOUD_SERVICES, Kind.OAUTH_APP_V2):
        store(world, kind, days=60)
    world.start()
    cloud = Kind.CLOUD_SERVICES.value
    world.deeds.asking.look()
    world.until(lambda: world.token(cloud).expiry_told)
    world.deeds.asking.look()
    assert asked(world) == 1
    assert not world.token(Kind.NAVIGATOR.value).expiry_told
    assert "runs out on" not in world.notice()
