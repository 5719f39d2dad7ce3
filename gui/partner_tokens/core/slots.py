"""Key slots as the store keeps them, changed together with all that is sealed by their keys."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from partner_tokens.core.clock import Clock
from partner_tokens.core.database import Database
from partner_tokens.core.errors.keys import KeyReplaced, LastWayIn
from partner_tokens.core.rows import (
    BOUND_COLUMNS,
    bound_from,
    sealed_values,
    seconds,
    slot_values,
)
from partner_tokens.core.sealing import Bound, Sealed, Slot, SlotKind
from partner_tokens.core.statements import insert, slots_in

PLANNED_FOR = timedelta(hours=1)
"""An entry that no slot has taken by then never will: its program crashed, or gave up."""

SEALED_TABLES = ("tokens", "pending", "logins")

Reseal = Callable[[Bound], tuple[Sealed, bytes] | None]
"""The same secret sealed with a new key, and its fingerprint; None where it cannot be opened."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """How many secrets were sealed with the new key, and how many had to stay under older ones."""

    renewed: int
    kept: int


class Slots:
    """Each deed is one transaction, for any worker thread; never the GUI thread.

    Whoever changes slots tells which he has seen: where another program has changed them meanwhile,
    KeyReplaced is raised and nothing is done. Every change replaces all copies of the store, which
    hold older slots; where that cannot be done now, house-keeping does it. The errors of the store
    may come from everything.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def slots(self) -> tuple[Slot, ...]:
        """All key slots, in the order in which they were made."""
        with self._database.reading() as connection:
            return slots_in(connection)

    def strangers(self, known: Callable[[str], bool]) -> int:
        """How many secrets are sealed with a key that is not `known` by its id."""
        with self._database.reading() as connection:
            counts = [
                row
                for table in SEALED_TABLES
                for row in connection.execute(
                    f"SELECT key_id, count(*) FROM {table} GROUP BY key_id"  # noqa: S608
                )
            ]
        return sum(count for key_id, count in counts if not known(key_id))

    # ---- changing -----------------------------------------------------------------------------

    def put_first(self, slot: Slot) -> bool:
        """Stores the first key slot; False when there is one, perhaps since a moment ago."""
        with self._database.writing() as connection:
            if connection.execute("SELECT 1 FROM slots").fetchone():
                return False
            insert(connection, "slots", slot_values(slot))
            _delete_entry(connection, slot.vault_id)
            return True

    def change(
        self, seen: Sequence[Slot], put: Sequence[Slot] = (), drop: Sequence[Slot] = ()
    ) -> None:
        """Stores and drops slots. Raises LastWayIn where none of the current key would be left."""
        with self._changing(seen) as connection:
            self._replace(connection, seen, put, drop)

    def rotate(
        self,
        seen: Sequence[Slot],
        put: Sequence[Slot],
        reseal: Reseal,
        committed: Callable[[], None],
    ) -> Rotation:
        """Puts the slots of a new key, and seals every secret anew: live, removed and pending.

        What cannot be opened, or is stored twice under two keys, stays as it is, and so do the
        slots of its key; the slots of all other keys are dropped. `committed` is called as soon as
        all of it is stored, before the copies are replaced, which takes longer.
        """
        (new_key,) = {slot.key_id for slot in put}
        with self._changing(seen, committed) as connection:
            renewed = _reseal_all(connection, seen[-1].key_id, reseal)
            left = [
                key_id
                for table in SEALED_TABLES
                for (key_id,) in connection.execute(
                    f"SELECT key_id FROM {table} WHERE key_id <> ?",  # noqa: S608
                    (new_key,),
                )
            ]
            self._replace(connection, seen, put, [s for s in seen if s.key_id not in left])
        return Rotation(renewed, len(left))

    @contextmanager
    def _changing(
        self, seen: Sequence[Slot], committed: Callable[[], None] = lambda: None
    ) -> Iterator[sqlite3.Connection]:
        if self.slots() != tuple(seen):
            raise KeyReplaced
        self._database.owe_fresh_backup()
        self._database.back_up("before-key-change")
        try:
            with self._database.writing() as connection:
                if slots_in(connection) != tuple(seen):
                    raise KeyReplaced
                yield connection
            committed()
        finally:  # refused or not: the copy just made may hold what another program has dropped
            self._database.leave_no_trace("key-change")

    def _replace(
        self,
        connection: sqlite3.Connection,
        seen: Sequence[Slot],
        put: Sequence[Slot],
        drop: Sequence[Slot],
    ) -> None:
        for slot in put:
            insert(connection, "slots", slot_values(slot))
            if slot.kind is SlotKind.KEYRING and not _delete_entry(connection, slot.vault_id):
                raise KeyReplaced  # it took an hour, and another program has cleared its entry away
        for slot in drop:
            connection.execute("DELETE FROM slots WHERE vault_id = ?", (slot.vault_id,))
            if slot.kind is SlotKind.KEYRING:
                self._note(connection, slot, is_spent=True)
        left, current = slots_in(connection), (*seen, *put)[-1].key_id
        if not left or left[-1].key_id != current:
            raise LastWayIn

    # ---- entries of the keyring ---------------------------------------------------------------

    def plan(self, slot: Slot) -> None:
        """Notes that an entry is about to be made in the keyring for this slot."""
        with self._database.writing() as connection:
            self._note(connection, slot, is_spent=False)

    def spent_entries(self) -> tuple[tuple[str, str], ...]:
        """Vault ids and keyrings of the entries that nothing needs, nor will ever need.

        None of them is told while an older copy may still have to be restored.
        """
        long_ago = seconds(self._clock() - PLANNED_FOR)
        with self._database.reading() as connection:
            if not connection.execute("SELECT 1 FROM loose_entries").fetchone():
                return ()
        if self._database.owes_fresh_backup:
            return ()
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE loose_entries SET is_spent = 1 WHERE noted_at < ?", (long_ago,)
            )
            found = connection.execute(
                "SELECT vault_id, backend FROM loose_entries WHERE is_spent "
                "AND vault_id NOT IN (SELECT vault_id FROM slots)"
            ).fetchall()
            return tuple((str(vault_id), str(backend)) for vault_id, backend in found)

    def forget_entry(self, vault_id: str) -> None:
        """The keyring has no entry for a slot that was planned, or dropped."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM loose_entries WHERE vault_id = ?", (vault_id,))

    def _note(self, connection: sqlite3.Connection, slot: Slot, *, is_spent: bool) -> None:
        values = {
            "vault_id": slot.vault_id,
            "backend": slot.backend,
            "noted_at": seconds(self._clock()),
            "is_spent": is_spent,
        }
        insert(connection, "loose_entries", values)


def _delete_entry(connection: sqlite3.Connection, vault_id: str) -> bool:
    """Whether the entry was planned, and not given up by now."""
    found = connection.execute(
        "DELETE FROM loose_entries WHERE vault_id = ? AND NOT is_spent", (vault_id,)
    )
    return found.rowcount == 1


def _reseal_all(connection: sqlite3.Connection, current: str, reseal: Reseal) -> int:
    """How many were. A live secret that is stored twice is sealed anew once, the current one."""
    count = 0
    live: set[bytes] = set()
    for table in SEALED_TABLES:
        is_live = "removed_at IS NULL" if table == "tokens" else "0"
        rows = connection.execute(
            f"SELECT {BOUND_COLUMNS}, {is_live} FROM {table} ORDER BY key_id <> ?",  # noqa: S608
            (current,),
        ).fetchall()
        changes = []
        for row in rows:
            bound = bound_from(row[:-1])
            renewed = reseal(bound)
            if renewed is None or (row[-1] and renewed[1] in live):
                continue
            if row[-1]:
                live.add(renewed[1])
            changes.append({**sealed_values(*renewed), "id": bound.id})
        connection.executemany(
            f"UPDATE {table} SET key_id = :key_id, nonce = :nonce, "  # noqa: S608
            "ciphertext = :ciphertext, fingerprint = :fingerprint WHERE id = :id",
            changes,
        )
        count += len(changes)
    return count
