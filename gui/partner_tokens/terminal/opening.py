"""The vault opened for a command: by the keyring, or by a passphrase."""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from partner_tokens.core.errors import NotAnswering
from partner_tokens.core.errors.keys import (
    KeyReplaced,
    KeyringMissing,
    Locked,
    NoKeyYet,
    SecretStorageError,
)
from partner_tokens.core.instance import ask as ask_window
from partner_tokens.core.instance import is_running
from partner_tokens.core.language import _
from partner_tokens.core.relay import MAY_OPEN, access_in
from partner_tokens.core.sealing import SlotKind
from partner_tokens.core.secret import Secret
from partner_tokens.terminal.console import ask, complain, complain_of, has_terminal

if TYPE_CHECKING:
    from partner_tokens.parts import Parts

T = TypeVar("T")


def with_current_key(parts: "Parts", passphrase: Secret | None, deed: Callable[[], T]) -> T:
    """Does a deed, once more where another program has renewed the key since the vault was opened.

    What raises KeyReplaced has stored and handed out nothing.
    """
    try:
        return deed()
    except KeyReplaced:
        open_vault(parts, passphrase)
        return deed()


def begin_or_open(parts: "Parts", passphrase: Secret | None) -> None:
    """As `open_vault`; on first use makes the key, in the keyring or under the passphrase."""
    if parts.vault.slot_kinds():
        open_vault(parts, passphrase)
    elif passphrase is not None:
        parts.vault.begin_with_passphrase(passphrase)
    else:
        try:
            parts.vault.begin_with_keyring()
        except KeyringMissing:
            complain(_("To keep tokens under a passphrase here, hand it over: --passphrase-fd N"))
            raise


def open_vault(parts: "Parts", passphrase: Secret | None) -> None:
    """Opens it by the passphrase that was handed over, else by the keyring, else by asking.

    Asked is only where a passphrase opens the store and there is a terminal. The keyring is left
    alone while the user has locked the window. Raises SecretStorageError.
    """
    kinds = parts.vault.slot_kinds()
    if not kinds:
        raise NoKeyYet
    by_passphrase = SlotKind.PASSPHRASE in kinds
    if by_passphrase and passphrase is not None:
        parts.vault.unlock_with(passphrase)
        return
    if SlotKind.KEYRING in kinds:
        try:
            _refuse_behind_a_locked_window(parts)
            parts.vault.unlock()
        except SecretStorageError as error:
            if not by_passphrase or not has_terminal():
                raise
            complain_of(error)
        else:
            return
    if not has_terminal():
        complain(_("A passphrase opens this store; hand it over: --passphrase-fd N"))
        raise Locked
    parts.vault.unlock_with(ask(_("Passphrase:")))


def _refuse_behind_a_locked_window(parts: "Parts") -> None:
    """Raises Locked. A window that hangs, or is of another version, is not waited for."""
    if is_running(parts.profile.data):
        with suppress(NotAnswering):
            access_in(ask_window(parts.profile.data, MAY_OPEN))
