"""Keys and recovery in the window: what opens the tokens is shown, changed, and noticed."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from partner_tokens.core.errors.keys import KeyringMissing
from partner_tokens.core.profile import profile_under
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import State
from partner_tokens.parts import Parts
from partner_tokens.sandbox.behaviours import KnownToken
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from partner_tokens.ui import session
from partner_tokens.ui.actions import Act
from partner_tokens.ui.import_dialog import ImportDialog
from partner_tokens.ui.keys_dialog import WIDTH, KeysDialog
from partner_tokens.ui.main_window import Page
from partner_tokens.ui.offers import Offer
from partner_tokens.ui.passphrase_dialog import PassphraseDialog
from partner_tokens.ui.session import Access
from partner_tokens.ui.token_dialog import TokenDialog
from ui.building import spoken_about
from ui.world import PATIENCE_MS, Key, World

PASSPHRASE = "correct horse battery"
ANOTHER = "another staple entirely"


@pytest.fixture
def world(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[World]:
    built = World.build(qtbot, qapp, tmp_path / "profile")
    yield built
    built.backend.resume()
    for kind in (PassphraseDialog, KeysDialog):
        for dialog in built.window.findChildren(kind):
            dialog.reject()
    built.end()


@pytest.fixture
def elsewhere(world: World) -> Iterator[Callable[[], Parts]]:
    """Another process on the same files, which has opened the store by the keyring."""
    made: list[Parts] = []

    def start() -> Parts:
        parts = Parts(
            profile_under(world.folder), clock=world.clock, open_backend=lambda: world.backend
        )
        made.append(parts)
        return parts

    yield start
    for parts in made:
        parts.close()


def opened(world: World) -> KeysDialog:
    world.window.acts[Act.KEYS].trigger()
    (dialog,) = world.window.findChildren(KeysDialog)
    world.until(dialog.isVisible)
    return dialog


def test_it_comes_up_in_its_whole_width(world: World) -> None:
    """A window manager may not hear of a size that is asked for while a window comes up."""
    world.start(page=Page.EMPTY)
    world.window.acts[Act.KEYS].trigger()
    (dialog,) = world.window.findChildren(KeysDialog)
    assert not dialog.isVisible()
    sizes: list[int] = []

    class Witness(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show:
                sizes.append(dialog.width())
            return False

    witness = Witness()
    dialog.installEventFilter(witness)
    world.until(dialog.isVisible)
    assert sizes == [WIDTH]


def button(dialog: KeysDialog, words: str) -> QPushButton:
    return next(
        found
        for found in dialog.findChildren(QPushButton)
        if words in found.text().replace("&", "") and found.isVisible()
    )


def has_button(dialog: KeysDialog, words: str) -> bool:
    texts = [b.text().replace("&", "") for b in dialog.findChildren(QPushButton) if b.isVisible()]
    return any(words in text for text in texts)


def asked(dialog: KeysDialog) -> PassphraseDialog:
    (found,) = dialog.findChildren(PassphraseDialog)
    return found


def give(dialog: KeysDialog, *words: str) -> PassphraseDialog:
    """Types a passphrase, or a new one twice, and submits it."""
    passphrase = asked(dialog)
    for line, text in zip((passphrase.first, passphrase.second), words, strict=False):
        line.setText(text)
    passphrase.submit.click()
    return passphrase


def kinds(world: World) -> set[str]:
    return {kind.value for kind in world.parts.vault.slot_kinds()}


def test_it_is_shown_what_opens_the_tokens_and_that_one_way_in_is_few(world: World) -> None:
    world.store("contoso", "Contoso")
    world.start()
    dialog = opened(world)
    assert "Test keyring" in dialog.keyring.words()
    assert "Since" in dialog.keyring.words()
    assert "none" in dialog.passphrase.words()
    assert "Only Test keyring opens your tokens" in dialog.panel.words()
    assert not has_button(dialog, "Remove")
    assert "contoso-api-token" not in spoken_about(dialog)


def test_a_recovery_passphrase_is_added_and_opens_the_window_without_the_keyring(
    world: World,
) -> None:
    world.store("contoso", "Contoso")
    world.start()
    dialog = opened(world)
    button(dialog, "Add a recovery passphrase").click()
    give(dialog, PASSPHRASE, PASSPHRASE)
    world.until(lambda: "opens your tokens now" in dialog.panel.words())
    assert not dialog.findChildren(PassphraseDialog) or not asked(dialog).isVisible()
    assert kinds(world) == {"keyring", "passphrase"}
    dialog.reject()

    def missing() -> MemoryBackend:
        raise KeyringMissing

    world.restart_parts(missing)
    world.start()
    assert "No usable keyring" in world.banner()
    world.window.banner.button(1).click()
    passphrase = world.dialog()
    assert isinstance(passphrase, PassphraseDialog)
    passphrase.first.setText(PASSPHRASE)
    passphrase.submit.click()
    world.until(lambda: world.application.session.access is Access.OPEN)
    world.select("contoso")
    world.press(Key.Key_Return)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))


def test_a_change_goes_on_and_is_told_of_though_the_passphrase_was_closed_early(
    world: World,
) -> None:
    world.start(page=Page.EMPTY)
    dialog = opened(world)
    button(dialog, "Add a recovery passphrase").click()
    passphrase = give(dialog, PASSPHRASE, PASSPHRASE)
    assert passphrase.cancel.text() == "Close"
    passphrase.cancel.click()
    assert "Changing the keys" in dialog.panel.words()
    world.until(lambda: has_button(dialog, "Change"))
    assert "Changing the keys" not in dialog.panel.words()


def test_a_passphrase_is_changed_and_removed_after_a_question(world: World) -> None:
    world.store("contoso", "Contoso")
    world.parts.locksmith.set_passphrase(Secret(PASSPHRASE))
    world.start()
    dialog = opened(world)
    assert dialog.panel.words() == ""
    button(dialog, "Change").click()
    give(dialog, ANOTHER, ANOTHER)
    world.until(lambda: "opens your tokens now" in dialog.panel.words())
    button(dialog, "Remove").click()
    assert "Remove the passphrase?" in dialog.panel.words()
    focus = dialog.focusWidget()
    assert isinstance(focus, QPushButton)
    assert "No" in focus.text()
    focus.click()
    assert kinds(world) == {"keyring", "passphrase"}
    button(dialog, "Remove").click()
    button(dialog, "Remove the passphrase").click()
    world.until(lambda: "opens nothing any more" in dialog.panel.words())
    assert kinds(world) == {"keyring"}
    assert not has_button(dialog, "Change")


def test_from_the_keyring_to_the_passphrase_and_back(world: World) -> None:
    world.store("contoso", "Contoso")
    world.parts.locksmith.set_passphrase(Secret(PASSPHRASE))
    world.start()
    dialog = opened(world)
    button(dialog, "Stop using the keyring").click()
    passphrase = give(dialog, "not the passphrase")
    world.until(lambda: "does not open your tokens" in passphrase.panel.words())
    assert kinds(world) == {"keyring", "passphrase"}
    give(dialog, PASSPHRASE)
    world.until(lambda: "Only the passphrase" in dialog.panel.words())
    assert kinds(world) == {"passphrase"}
    assert world.backend.entries == {}
    assert not has_button(dialog, "Remove")
    assert "Opened by a passphrase" in spoken_about(world.window.status)
    button(dialog, "Let the keyring").click()
    world.until(lambda: "Your keyring opens the tokens now" in dialog.panel.words())
    assert kinds(world) == {"keyring", "passphrase"}
    assert len(world.backend.entries) == 1


def test_the_key_is_renewed_and_everything_goes_on(world: World) -> None:
    for id in ("contoso", "fabrikam"):
        world.store(id, id.title())
    world.start()
    dialog = opened(world)
    button(dialog, "Renew the key").click()
    button(dialog, "Renew now").click()
    world.until(lambda: "2 tokens were sealed anew" in dialog.panel.words())
    dialog.close_button.click()
    assert len(world.backend.entries) == 1
    world.select("contoso")
    world.press(Key.Key_Return)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))
    assert world.token("fabrikam").result.state is State.READY


@pytest.mark.parametrize("keeps", [True, False])
def test_renewing_asks_for_the_passphrase_or_drops_it(world: World, keeps: bool) -> None:
    world.store("contoso", "Contoso")
    world.parts.locksmith.set_passphrase(Secret(PASSPHRASE))
    world.start()
    dialog = opened(world)
    button(dialog, "Renew the key").click()
    if keeps:
        button(dialog, "Type the passphrase").click()
        give(dialog, PASSPHRASE)
    else:
        button(dialog, "Drop the passphrase").click()
    world.until(lambda: "1 token was sealed anew" in dialog.panel.words())
    assert kinds(world) == ({"keyring", "passphrase"} if keeps else {"keyring"})


def test_a_keyring_that_keeps_us_waiting_is_named_and_can_be_given_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "OFFER_TO_STOP_AFTER", timedelta(seconds=1))
    world.store("contoso", "Contoso")
    world.restart_parts(lambda: world.backend)
    world.start()
    before = world.parts.slots.slots()
    dialog = opened(world)
    world.backend.hang()
    button(dialog, "Renew the key").click()
    button(dialog, "Renew now").click()
    assert not dialog.key.buttons[0].isEnabled()
    world.until(lambda: "Waiting for your keyring" in dialog.panel.words())
    world.until(lambda: has_button(dialog, "Stop waiting"))
    button(dialog, "Stop waiting").click()
    world.until(lambda: "does not answer" in dialog.panel.words())
    world.backend.resume()
    assert dialog.key.buttons[0].isEnabled()
    assert world.parts.slots.slots() == before


# ---- another process --------------------------------------------------------------------------


def test_a_key_renewed_elsewhere_is_taken_up_without_a_word(
    world: World, elsewhere: Callable[[], Parts]
) -> None:
    world.store("contoso", "Contoso")
    world.start()
    states: set[State] = set()
    world.application.model.arranged.connect(
        lambda: states.add(world.token("contoso").result.state)
    )
    other = elsewhere()
    other.vault.unlock()
    old = world.parts.vault.key_id
    other.locksmith.rotate(None)
    world.until(lambda: world.parts.vault.key_id not in {"", old})
    world.until(lambda: world.application.session.access is Access.OPEN)
    assert State.UNREADABLE not in states
    world.select("contoso")
    world.press(Key.Key_Return)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))


def test_what_was_typed_is_stored_although_the_key_was_renewed_meanwhile(
    world: World, elsewhere: Callable[[], Parts]
) -> None:
    world.store("contoso", "Contoso")
    world.start()
    world.select("contoso")
    world.press(Key.Key_F2)
    dialog = world.dialog()
    assert isinstance(dialog, TokenDialog)
    world.application.shelf.pause(True)  # so that only the refusal tells of the new key
    other = elsewhere()
    other.vault.unlock()
    other.locksmith.rotate(None)
    replaced = "a-new-token-" + "1" * 40
    world.sandbox.register(KnownToken(replaced, "org-Contoso", "Contoso"))
    dialog.form.secret.line.setText(replaced)
    with world.qtbot.waitSignal(dialog.saved, timeout=PATIENCE_MS):
        dialog.save.click()
    (token,) = other.store.tokens()
    sealed = other.store.sealed(token.id)
    found = other.vault.open(sealed, token_id=token.id, endpoint=token.endpoint, kind=token.kind)
    assert found.reveal() == replaced


def test_where_only_a_passphrase_opens_the_new_key_the_window_locks_and_loses_nothing(
    world: World, elsewhere: Callable[[], Parts]
) -> None:
    world.parts.vault.begin_with_passphrase(Secret(PASSPHRASE))
    world.store("contoso", "Contoso")
    world.application.start()
    world.until(lambda: world.window.page is Page.LIST)
    world.application.session.open_with(Secret(PASSPHRASE))
    world.until(lambda: world.application.session.access is Access.OPEN)
    world.select("contoso")
    world.press(Key.Key_F2)
    dialog = world.dialog()
    assert isinstance(dialog, TokenDialog)
    dialog.form.name.setText("typed meanwhile")
    other = elsewhere()
    other.vault.unlock_with(Secret(PASSPHRASE))
    other.locksmith.rotate(Secret(PASSPHRASE))
    world.until(lambda: world.window.page is Page.SHUT)
    assert not dialog.isVisible()
    assert not world.parts.vault.is_open
    world.window.shut.action.click()
    passphrase = next(d for d in world.window.findChildren(PassphraseDialog) if d.isVisible())
    passphrase.first.setText(PASSPHRASE)
    passphrase.submit.click()
    world.until(dialog.isVisible)
    assert dialog.form.name.text() == "typed meanwhile"
    dialog.save.click()
    world.until(lambda: other.store.tokens()[0].name == "typed meanwhile")


def test_an_import_is_stored_although_the_key_was_renewed_meanwhile(
    world: World, elsewhere: Callable[[], Parts]
) -> None:
    world.store("contoso", "Contoso")
    world.start()
    world.window.acts[Act.IMPORT].trigger()
    dialog = world.dialog()
    assert isinstance(dialog, ImportDialog)
    dialog.read(Offer(text=Secret(f"organization,token\nFabrikam,{'fabrikam' * 8}\n")))
    world.until(dialog.take.isEnabled)
    world.application.shelf.pause(True)
    other = elsewhere()
    other.vault.unlock()
    other.locksmith.rotate(None)
    dialog.take.click()
    world.until(lambda: "1 token imported." in world.notice())
    stored = {token.organization.name: token.key_id for token in other.store.tokens()}
    assert stored["Fabrikam"] == stored["Contoso"] == other.vault.key_id


def test_proving_goes_on_although_the_key_was_renewed_meanwhile(
    world: World, elsewhere: Callable[[], Parts]
) -> None:
    for number in range(12):
        world.store(f"t{number:02}", f"Customer {number}", state=State.UNPROVEN)
    world.start()
    world.application.shelf.pause(True)
    world.sandbox.switch(delay_seconds=0.1)
    proving = world.deeds.proving
    proving.start(world.parts.store.tokens())
    world.until(lambda: bool(proving.outcomes))
    other = elsewhere()
    other.vault.unlock()
    other.locksmith.rotate(None)
    world.until(lambda: not proving.is_running)
    assert [error for _token, error in proving.outcomes.values() if error] == []
    assert len(proving.outcomes) == 12


def test_proving_stops_where_the_renewed_key_cannot_be_had(
    world: World, elsewhere: Callable[[], Parts]
) -> None:
    for number in range(12):
        world.store(f"t{number:02}", f"Customer {number}", state=State.UNPROVEN)
    world.start()
    world.application.shelf.pause(True)
    world.sandbox.switch(delay_seconds=0.1)
    proving = world.deeds.proving
    proving.start(world.parts.store.tokens())
    world.until(lambda: bool(proving.outcomes))
    other = elsewhere()
    other.vault.unlock()
    other.locksmith.rotate(None)
    world.backend.locked = True
    world.until(lambda: not proving.is_running)
    assert [error for _token, error in proving.outcomes.values() if error] == []
    assert proving.left > 0


def test_after_a_new_list_had_to_begin_the_old_key_seals_nothing(world: World) -> None:
    world.store("contoso", "Contoso")
    world.start()
    old = world.parts.vault.key_id
    database = world.parts.database
    with database._lock:  # a connection closed under a query of another thread ends the process
        database._disconnect()
        for path in world.parts.profile.data.glob("tokens.sqlite3*"):
            path.write_bytes(b"garbage" * 1000) if path.suffix == ".sqlite3" else path.unlink()
    for path in world.parts.profile.backups.glob("*"):
        path.unlink()
    open_then: list[bool] = []
    shelf = world.application.shelf
    shelf.mended.connect(lambda _mended: open_then.append(world.parts.vault.is_open))
    shelf.reload()
    world.until(lambda: "a new list begins" in world.banner())
    world.until(lambda: world.parts.vault.key_id not in {"", old})
    assert open_then == [False]
    assert world.parts.slots.slots()[-1].key_id == world.parts.vault.key_id
