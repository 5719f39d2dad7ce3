"""A copy under Wayland: claimed only after a key was pressed in a window of ours."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from keyring_session import KeyringSession
from partner_tokens.sandbox.service import Sandbox
from patience import wait_for
from stories.stored import known, store
from wayland import WaylandDesktop, is_missing

pytestmark = [
    pytest.mark.story,
    pytest.mark.skipif(bool(is_missing()), reason=is_missing() or "it can be started"),
]

CONTOSO, FABRIKAM = known("Contoso"), known("Fabrikam")


@pytest.fixture
def keyring(tmp_path: Path) -> Iterator[KeyringSession]:
    (tmp_path / "keyring").mkdir()
    session = KeyringSession(tmp_path / "keyring")
    yield session
    session.stop()


@pytest.fixture
def desktop(tmp_path: Path, keyring: KeyringSession) -> Iterator[WaylandDesktop]:
    made = WaylandDesktop(tmp_path / "desktop", {"DBUS_SESSION_BUS_ADDRESS": keyring.address})
    yield made
    made.close()


def start(desktop: WaylandDesktop, profile: Path, *options: str) -> "tuple[int, str]":
    program = desktop.start(["-m", "partner_tokens", "--profile", str(profile), *options])
    return program.ended(), program.errors


def copy_by_key(desktop: WaylandDesktop) -> None:
    """Presses Enter; again where a busy machine missed it, as one does."""

    def copied() -> bool:
        desktop.keys("Return")
        return desktop.clipboard().startswith("csp-auth-token: ")

    wait_for(copied, "the header")


def exchanged(service: Sandbox) -> list[str]:
    """The organizations whose API tokens were exchanged."""
    bodies = [exchange.body.decode() for exchange in service.exchanges]
    both = (CONTOSO, FABRIKAM)
    return [one.organization for body in bodies for one in both if one.api_token in body]


def test_a_copy_asked_for_from_outside_opens_the_palette_with_the_row_and_claims_nothing(
    desktop: WaylandDesktop, keyring: KeyringSession, profile: Path, service: Sandbox
) -> None:
    store(profile, keyring, service, FABRIKAM, CONTOSO)
    first = desktop.start(["-m", "partner_tokens", "--profile", str(profile)])
    desktop.sees_focus("Partner Tokens")
    assert start(desktop, profile, "--copy", "contoso") == (0, "")
    desktop.sees_focus("Quick copy — Partner Tokens")
    assert desktop.floats("Quick copy — Partner Tokens")
    assert exchanged(service) == []
    assert desktop.clipboard() == ""
    copy_by_key(desktop)
    assert desktop.clipboard("x-kde-passwordManagerHint") == "secret"
    assert exchanged(service) == ["Contoso"]
    desktop.sees_focus("Partner Tokens")
    assert len(desktop.titles()) == 1
    first.process.terminate()
    assert (first.ended(), first.errors) == (0, "")
    assert desktop.clipboard() == ""


def test_from_a_cold_start_the_palette_copies_and_stays_until_the_copy_is_done_with(
    desktop: WaylandDesktop, keyring: KeyringSession, profile: Path, service: Sandbox
) -> None:
    store(profile, keyring, service, CONTOSO, FABRIKAM)
    program = desktop.start(["-m", "partner_tokens", "--profile", str(profile), "--quick"])
    desktop.sees_focus("Quick copy — Partner Tokens")
    copy_by_key(desktop)
    assert desktop.titles() == []
    assert program.process.poll() is None
    program.process.terminate()
    assert (program.ended(), program.errors) == (0, "")
    assert desktop.clipboard() == ""
