"""A keyring held in memory, for the demo and the tests; nothing of it outlives the program."""

import threading

from partner_tokens.core.errors.keys import KeyringDenied, KeyringLocked


class MemoryBackend:
    """Speaks as the backends of the keyring library do, and can be locked or made to hang.

    `locked`: every call is refused as a locked keyring does. `forgetful`: what is written is not
    kept, and nothing is said. `hang` and `resume`: calls do not come back until resumed.
    """

    def __init__(self, name: str = "Memory") -> None:
        self.name = name
        self.locked = False
        self.forgetful = False
        self.entries: dict[tuple[str, str], str] = {}
        self._answers = threading.Event()
        self._answers.set()

    def get_password(self, service: str, username: str) -> str | None:
        """The text of an entry; None when there is none."""
        self._answer()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Writes an entry."""
        self._answer()
        if not self.forgetful:
            self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Removes an entry. Raises KeyringDenied when there is none."""
        self._answer()
        if self.entries.pop((service, username), None) is None:
            raise KeyringDenied("no such entry")

    def hang(self) -> None:
        """From now on no call comes back, as with a prompt that nobody answers."""
        self._answers.clear()

    def resume(self) -> None:
        """Lets all calls come back."""
        self._answers.set()

    def _answer(self) -> None:
        self._answers.wait()
        if self.locked:
            raise KeyringLocked
