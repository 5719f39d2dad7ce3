"""Stored tokens into an age file and back: opened, sealed, written whole, imported elsewhere."""

import json
import stat
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from age_command import opened_by_age, sealed_by_age
from clock import MovableClock
from partner_tokens.core.columns import Usual
from partner_tokens.core.errors.files import (
    EarlierFileKept,
    FileUnwritable,
    NothingOpened,
    WrongFilePassphrase,
)
from partner_tokens.core.errors.keys import Locked
from partner_tokens.core.errors.tokens import EditedMeanwhile
from partner_tokens.core.errors.typed import InputError
from partner_tokens.core.importing import read_files, read_sealed
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.outgoing import Outgoing
from partner_tokens.core.profile import profile_under
from partner_tokens.core.sealing import Sealed
from partner_tokens.core.secret import Secret
from partner_tokens.core.store import Store
from partner_tokens.core.tokens import ApiToken, Colour, Kind, Organization
from partner_tokens.parts import Parts
from partner_tokens.sandbox.memory_keyring import MemoryBackend

posix = pytest.mark.skipif(sys.platform == "win32", reason="age asks on a pty")

HOST = "https://console.navigator.vmware.com"
WORDS = "correct horse marker-7c1e"
PASSPHRASE = Secret(WORDS)
CONTOSO = Organization("Contoso", "id-1", colour=Colour.RED, production=True, note="ask Ana")


def made(folder: Path) -> Parts:
    built = Parts(profile_under(folder), clock=MovableClock(), open_backend=MemoryBackend)
    built.vault.begin_with_keyring()
    return built


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    built = made(tmp_path / "here")
    yield built
    built.close()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Parts]:
    """The store of a colleague, empty."""
    built = made(tmp_path / "elsewhere")
    yield built
    built.close()


def store(parts: Parts, id: str, organization: Organization = CONTOSO, **more: object) -> ApiToken:
    token = ApiToken(id, organization, id, HOST, parts.clock(), **more)  # type: ignore[arg-type]
    secret = Secret(secret_text(token))
    sealed = parts.vault.seal(secret, token_id=id, endpoint=HOST, kind=token.kind)
    return parts.store.add(token, sealed, parts.vault.fingerprint(secret))


def secret_text(token: ApiToken) -> str:
    text = f"marker-{token.name}-{'x' * 50}"
    return f"client-of-{token.name}:{text}" if token.kind.is_app else text


def spoil(parts: Parts, token: ApiToken) -> None:
    """The row's secret no longer opens, as after a damage of the file."""
    sealed = Sealed(token.key_id, token.nonce, b"not what was sealed")
    parts.store.edit(token, sealed, b"f" * 32)


def imported(parts: Parts, file: Path, passphrase: Secret = PASSPHRASE) -> tuple[ApiToken, ...]:
    (sealed,) = read_files([file]).sealed
    rows = parts.intake.judge(read_sealed(sealed, passphrase).found, Usual(HOST))
    return parts.intake.store(rows)


def secret_of(parts: Parts, token: ApiToken) -> str:
    sealed = parts.store.sealed(token.id)
    opened = parts.vault.open(sealed, token_id=token.id, endpoint=HOST, kind=token.kind)
    return opened.reveal()


def test_chosen_tokens_arrive_whole_and_unproven_in_another_store(
    parts: Parts, elsewhere: Parts, tmp_path: Path
) -> None:
    expiry = Expiry(parts.clock() + timedelta(days=20))
    store(parts, "build", expiry=expiry, note="two\nlines", pinned=True, interactive=True)
    store(parts, "app", Organization("Fabrikam", "id-2"), kind=Kind.OAUTH_APP_V1)
    store(parts, "stays")
    file = tmp_path / "ours.age"
    told = parts.outgoing.hand_over({"build", "app", "gone"}, PASSPHRASE, file)
    assert ([t.id for t in told.tokens], told.unopened) == (["build", "app"], ())
    build, app = imported(elsewhere, file)
    assert (build.name, build.expiry, build.note) == ("build", expiry, "two\nlines")
    assert (build.pinned, build.interactive, build.result.at) == (True, True, None)
    there = build.organization
    assert (there.service_id, there.colour, there.production, there.note) == (
        ("id-1", Colour.RED, True, "ask Ana")
    )
    assert (app.kind, app.organization.name) == (Kind.OAUTH_APP_V1, "Fabrikam")
    assert app.user == "client-of-app"
    for token in (build, app):
        assert secret_of(elsewhere, token) == secret_text(token)


def test_marks_that_an_organization_has_already_stay_its_own(
    parts: Parts, elsewhere: Parts, tmp_path: Path
) -> None:
    store(parts, "build")
    store(elsewhere, "known", Organization("Contoso", "id-1", colour=Colour.BLUE, note="mine"))
    parts.outgoing.hand_over({"build"}, PASSPHRASE, tmp_path / "ours.age")
    (build,) = imported(elsewhere, tmp_path / "ours.age")
    assert (build.organization.colour, build.organization.note) == (Colour.BLUE, "mine")


@posix
def test_the_command_age_opens_the_file(parts: Parts, tmp_path: Path) -> None:
    store(parts, "build")
    file = tmp_path / "ours.age"
    parts.outgoing.hand_over({"build"}, PASSPHRASE, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"marker" not in file.read_bytes()
    document = json.loads(opened_by_age(file, WORDS))
    assert document["tokens"][0]["secret"] == f"marker-build-{'x' * 50}"
    assert document["organizations"][0]["name"] == "Contoso"


@posix
def test_a_file_that_the_command_age_sealed_again_is_imported(
    parts: Parts, elsewhere: Parts, tmp_path: Path
) -> None:
    store(parts, "build")
    file = tmp_path / "ours.age"
    parts.outgoing.hand_over({"build"}, PASSPHRASE, file)
    other = "another passphrase"
    sealed_by_age(opened_by_age(file, WORDS), other, tmp_path / "theirs.age", "--armor")
    (build,) = imported(elsewhere, tmp_path / "theirs.age", Secret(other))
    assert secret_of(elsewhere, build) == f"marker-build-{'x' * 50}"


@posix
def test_a_list_that_the_command_age_sealed_is_read_as_the_list_it_is(tmp_path: Path) -> None:
    token = f"marker-{'x' * 57}"
    sealed_by_age(f"{token}\n".encode(), WORDS, tmp_path / "Contoso - billing.txt.age")
    (sealed,) = read_files([tmp_path / "Contoso - billing.txt.age"]).sealed
    (found,) = read_sealed(sealed, PASSPHRASE).found
    assert (found.organization, found.name, found.secret.reveal()) == ("Contoso", "billing", token)


def test_other_files_beside_a_sealed_one_are_read_at_once(parts: Parts, tmp_path: Path) -> None:
    store(parts, "build")
    parts.outgoing.hand_over({"build"}, PASSPHRASE, tmp_path / "ours.age")
    (tmp_path / "Fabrikam.txt").write_text(f"marker-{'y' * 57}")
    reading = read_files([tmp_path / "ours.age", tmp_path / "Fabrikam.txt"])
    assert [found.organization for found in reading.found] == ["Fabrikam"]
    assert [sealed.name for sealed in reading.sealed] == ["ours.age"]
    with pytest.raises(WrongFilePassphrase):
        read_sealed(reading.sealed[0], Secret("another one"))


def test_a_row_that_does_not_open_is_named_and_the_others_are_written(
    parts: Parts, elsewhere: Parts, tmp_path: Path
) -> None:
    store(parts, "build")
    spoil(parts, store(parts, "broken"))
    told = parts.outgoing.hand_over({"build", "broken"}, PASSPHRASE, tmp_path / "ours.age")
    assert [token.name for token in told.unopened] == ["broken"]
    assert [token.name for token in imported(elsewhere, tmp_path / "ours.age")] == ["build"]


def test_a_row_that_does_not_open_any_more_keeps_the_file_that_has_it(
    parts: Parts, elsewhere: Parts, tmp_path: Path
) -> None:
    file = tmp_path / "ours.age"
    store(parts, "build")
    token = store(parts, "broken")
    parts.outgoing.hand_over({"build", "broken"}, PASSPHRASE, file)
    spoil(parts, token)
    with pytest.raises(EarlierFileKept) as caught:
        parts.outgoing.hand_over({"build", "broken"}, PASSPHRASE, file)
    assert str(file) in caught.value.title
    assert "Contoso, broken" in caught.value.hint
    assert [token.name for token in imported(elsewhere, file)] == ["build", "broken"]


def test_a_file_of_the_home_is_kept_as_well_and_one_that_cannot_be_is_said(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "ours.age").write_text("the earlier one")
    store(parts, "build")
    spoil(parts, store(parts, "broken"))
    with pytest.raises(EarlierFileKept):
        parts.outgoing.hand_over({"build", "broken"}, PASSPHRASE, Path("~/ours.age"))
    with pytest.raises(FileUnwritable):
        parts.outgoing.hand_over({"build", "broken"}, PASSPHRASE, tmp_path / ("x" * 300))


def test_where_nothing_opens_nothing_is_written(parts: Parts, tmp_path: Path) -> None:
    spoil(parts, store(parts, "broken"))
    with pytest.raises(NothingOpened):
        parts.outgoing.hand_over({"broken"}, PASSPHRASE, tmp_path / "ours.age")
    assert not (tmp_path / "ours.age").exists()


def test_a_row_that_got_another_secret_meanwhile_is_not_handed_over_unseen(
    parts: Parts, tmp_path: Path
) -> None:
    token = store(parts, "build")

    class EditedFirst(Store):
        """Another program edits the row between two readings."""

        def sealed(self, id: str) -> Sealed:
            secret = Secret("marker-another")
            resealed = parts.vault.seal(secret, token_id=id, endpoint=HOST, kind=token.kind)
            parts.store.edit(token, resealed, parts.vault.fingerprint(secret))
            return super().sealed(id)

    outgoing = Outgoing(EditedFirst(parts.database, parts.clock), parts.vault, parts.clock)
    with pytest.raises(EditedMeanwhile):
        outgoing.hand_over({"build"}, PASSPHRASE, tmp_path / "ours.age")
    assert not (tmp_path / "ours.age").exists()


def test_what_cannot_be_done_leaves_what_was_there(parts: Parts, tmp_path: Path) -> None:
    store(parts, "build")
    file = tmp_path / "ours.age"
    file.write_text("of yesterday")
    with pytest.raises(InputError):
        parts.outgoing.hand_over({"build"}, Secret("short"), file)
    with pytest.raises(FileUnwritable):
        parts.outgoing.hand_over({"build"}, PASSPHRASE, tmp_path / "no folder" / "ours.age")
    parts.vault.close()
    with pytest.raises(Locked):
        parts.outgoing.hand_over({"build"}, PASSPHRASE, file)
    assert file.read_text() == "of yesterday"
    assert {path.name for path in tmp_path.iterdir()} == {"here", "ours.age"}
