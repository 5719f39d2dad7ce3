"""Why secrets cannot be opened or sealed: the keyring, the passphrase, the key."""

from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _


class SecretStorageError(AppError):
    """The keyring, or the key it holds, is not to be had."""


class KeyringMissing(SecretStorageError):
    """This session has no keyring that Partner Tokens trusts."""

    def _words(self) -> tuple[str, str]:
        return (
            _("No usable keyring was found."),
            _(
                "Start a keyring (GNOME Keyring, KWallet, the macOS Keychain, the Windows "
                "Credential Manager), or protect your tokens with a passphrase."
            ),
        )


class KeyringLocked(SecretStorageError):
    """The keyring is there and locked, or its prompt was dismissed."""

    passes = True

    def _words(self) -> tuple[str, str]:
        return (
            _("Your keyring is locked."),
            _("Unlock it, then try again."),
        )


class KeyringDenied(SecretStorageError):
    """The keyring answered with an error, or did not keep what was written."""

    passes = True

    def _words(self) -> tuple[str, str]:
        return (
            _("Your keyring refused."),
            _("Allow Partner Tokens to use the keyring, then try again."),
        )


class KeyringSilent(SecretStorageError):
    """The keyring did not answer in time, or the user stopped waiting for it."""

    passes = True

    def _words(self) -> tuple[str, str]:
        return (
            _("Your keyring does not answer."),
            _("Look for its prompt, perhaps behind another window, then try again."),
        )


class KeyringChanged(SecretStorageError):
    """The key lies in another keyring than the one in use now; nothing is swapped in silence."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(f"expected {expected}, found {found}")
        self.expected = expected
        self.found = found

    def _words(self) -> tuple[str, str]:
        return (
            _("Your key lies in {expected}, but this session offers {found}.").format(
                expected=self.expected, found=self.found
            ),
            _("Start {expected}, then try again.").format(expected=self.expected),
        )


class KeyMissing(SecretStorageError):
    """The keyring's entry is missing or is not the one this store was made with."""

    def _words(self) -> tuple[str, str]:
        return (
            _("The key to your tokens is not in the keyring."),
            _(
                "Your list is safe. Bring back the keyring it was made with, or begin with a new "
                "key and paste the tokens again."
            ),
        )


class NoKeyYet(SecretStorageError):
    """This store has no key slot: nothing has been stored yet."""

    def _words(self) -> tuple[str, str]:
        return (
            _("No place to keep tokens has been chosen yet."),
            _("Use your keyring, or choose a passphrase."),
        )


class Locked(SecretStorageError):
    """The data key is not in memory: the store must be unlocked first."""

    def _words(self) -> tuple[str, str]:
        return (
            _("Your tokens are locked."),
            _("Unlock them, then try again."),
        )


class WrongPassphrase(SecretStorageError):
    """The passphrase opens no slot."""

    def _words(self) -> tuple[str, str]:
        return (
            _("This passphrase does not open your tokens."),
            _("Type it again; mind Caps Lock and the keyboard layout."),
        )


class SecretUnreadable(SecretStorageError):
    """A row's sealed token does not open under the present key."""

    def _words(self) -> tuple[str, str]:
        return (
            _("This token can no longer be read."),
            _("Paste it again: edit the row, or make a new token in the portal."),
        )


class KeyReplaced(SecretStorageError):
    """Another program has renewed the data key, or changed its slots; nothing was stored.

    Passes as soon as the vault has been opened anew.
    """

    passes = True

    def _words(self) -> tuple[str, str]:
        return (
            _("Another program has changed the key to your tokens."),
            _("Nothing was stored or handed out. Try again; perhaps you must unlock first."),
        )


class LastWayIn(SecretStorageError):
    """What is to be taken away is all that opens the current data key; nothing was changed."""

    def _words(self) -> tuple[str, str]:
        return (
            _("Nothing else opens your tokens."),
            _("Add a passphrase or the keyring first, then take this one away."),
        )
