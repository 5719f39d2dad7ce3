"""Any sequence of deeds on slots: each row opens to its own secret, each copy by its own slots."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from core.keyroom import QUICK, Keyroom, Program, opened, secret_of
from partner_tokens.core.errors.keys import (
    KeyMissing,
    KeyReplaced,
    LastWayIn,
    Locked,
    WrongPassphrase,
)
from partner_tokens.core.errors.typed import InputError
from partner_tokens.core.secret import Secret
from partner_tokens.core.wrapping import key_by_entry, key_by_passphrase

PASSPHRASES = [Secret("correct horse"), Secret("another battery")]

REFUSED = (KeyMissing, KeyReplaced, LastWayIn, Locked, WrongPassphrase, InputError)
"""A deed may be refused; then nothing may have changed that matters."""

WHICH = some.sampled_from([0, 1])
STEPS = some.lists(
    some.tuples(
        some.sampled_from(
            [
                *("add", "add", "remove row", "paste", "rotate", "rotate", "rotate with"),
                *("set passphrase", "drop passphrase", "add keyring", "drop keyring"),
                *("lose entries", "bring entries back", "begin anew", "restart", "switch"),
                *("lose and begin anew", "lose and begin anew"),
            ]
        ),
        WHICH,
    ),
    max_size=12,
)


class Model:
    """Two programs on one store, and what was ever stored."""

    def __init__(self, folder: Path) -> None:
        self.room = Keyroom(folder)
        self.lost: dict[tuple[str, str], str] = {}
        self.ever_lost: set[str] = set()
        self.stored: list[str] = []
        first = self.room.begun()
        second = self.room.program()
        second.vault.unlock()
        self.programs = [first, second]

    def step(self, deed: str, which: int) -> None:
        program = self.programs[which]
        entries = self.room.memory.entries
        words = PASSPHRASES[which]
        deeds: dict[str, Callable[[], object]] = {
            "add": lambda: self._add(program),
            "remove row": lambda: program.trash.put([t.id for t in program.store.tokens()][:1]),
            "paste": lambda: self._paste(program),
            "rotate": lambda: program.locksmith.rotate(None),
            "rotate with": lambda: program.locksmith.rotate(words),
            "set passphrase": lambda: program.locksmith.set_passphrase(words),
            "drop passphrase": program.locksmith.remove_passphrase,
            "add keyring": program.locksmith.add_keyring,
            "drop keyring": lambda: program.locksmith.remove_keyring(words),
            "begin anew": program.vault.begin_anew_with_keyring,
            "restart": lambda: self._restart(which),
            "switch": program.vault.unlock,
        }
        match deed:
            case "lose entries":
                self.lost |= entries
                self.ever_lost |= self.room.entries()
                entries.clear()
            case "lose and begin anew":
                self.step("lose entries", which)
                self.step("restart", which)
                self.step("begin anew", which)
                self.step("add", which)
            case "bring entries back":
                entries.update(self.lost)
                self.lost.clear()
            case "remove row" if not program.store.tokens():
                pass
            case _:
                with suppress(*REFUSED):
                    deeds[deed]()

    def _add(self, program: Program) -> None:
        id = f"t{len(self.stored)}"
        program.add(id)
        self.stored.append(id)

    def _paste(self, program: Program) -> None:
        """As the transaction for pending secrets does: under the current key only."""
        with program.database.reading() as connection:
            waiting = {token for (token,) in connection.execute("SELECT token FROM pending")}
        free = [token.id for token in program.store.tokens() if token.id not in waiting]
        if free and not program.vault.is_stale:
            id = f"p{len(self.stored)}"
            program.add_pending(id, free[-1])
            self.stored.append(id)

    def _restart(self, which: int) -> None:
        self.programs[which].end()
        program = self.programs[which] = self.room.program()
        for unlock in (
            program.vault.unlock,
            *(lambda w=words: program.vault.unlock_with(w) for words in PASSPHRASES),
        ):
            with suppress(*REFUSED):
                unlock()
                return

    # ---- what must be true --------------------------------------------------------------------

    def check(self) -> None:
        entries = {**self.lost, **self.room.memory.entries}
        room = self.room
        assert opens(room.program(), entries) == {id: secret_of(id) for id in self.stored}
        slots = self.programs[0].slots.slots()
        assert slots
        for number, copy in enumerate(room.copies()):
            other = Keyroom(room.data / f"copy-{number}")
            other.path.parent.mkdir(parents=True)
            other.path.write_bytes(copy.read_bytes())
            found = opens(other.program(), entries)
            other.end()
            assert all(text == secret_of(id) for id, text in found.items())
        stored = {slot.vault_id for slot in slots}
        for program in self.programs:
            program.end()
        program = room.program()
        program.locksmith.sweep()
        if not program.database.owes_fresh_backup:
            # One that was away when nothing needed it any more is given up, and may come back.
            assert room.entries() <= stored | self.ever_lost


def opens(program: Program, entries: dict[tuple[str, str], str]) -> dict[str, str]:
    """What all rows open to, by the slots that are in the file and all that opens them."""
    texts = {service.partition("/")[2]: Secret(text) for (service, _name), text in entries.items()}
    for slot in program.slots.slots():
        text = texts.get(slot.vault_id)
        keys = [key_by_entry(slot, text)] if text else []
        if slot.kind == "passphrase":
            assert slot.cost == QUICK
            keys = [key_by_passphrase(slot, words) for words in PASSPHRASES]
        for key in keys:
            if key is not None:
                program.vault._take({key.key_id: key}, key.key_id)
    with program.database.reading() as connection:
        count = sum(
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in ("tokens", "pending")
        )
    found = opened(program)
    assert len(found) == count, "a row's key is nowhere"
    return found


@pytest.mark.timeout(400)  # forty stores on a real disk: a machine at work takes its time
@settings(max_examples=40, database=None)
@given(steps=STEPS)
def test_any_sequence_of_deeds_leaves_every_row_and_every_copy_readable(
    steps: list[tuple[str, int]],
) -> None:
    with TemporaryDirectory() as folder:
        model = Model(Path(folder))
        try:
            for deed, which in steps:
                model.step(deed, which)
            model.check()
        finally:
            model.room.end()
