"""Removed tokens: kept for 30 days, brought back, or erased until no file holds them any more."""

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from partner_tokens.core.clock import Clock
from partner_tokens.core.database import Database
from partner_tokens.core.errors.tokens import DuplicateToken, NoSuchToken
from partner_tokens.core.events import REVOKED, Event
from partner_tokens.core.history import note
from partner_tokens.core.rows import TOKEN_COLUMNS, TOKEN_SOURCE, instant, seconds, token_from
from partner_tokens.core.statements import (
    drop_empty_organizations,
    erase_tokens,
    refuse_duplicate,
    removal_instant,
    token_of,
    update_token,
)
from partner_tokens.core.tokens import ApiToken, Organization

REMOVED_FOR = timedelta(days=30)
"""How long a removed token can be brought back; afterwards its row and its secret are erased."""


WHY = (
    "(SELECT h.detail FROM history AS h WHERE h.token = t.id AND h.event = 'removed' "
    "ORDER BY h.position DESC LIMIT 1)"
)
"""What its history says of the removal."""

DOUBT = timedelta(days=2)
"""So long it must have seemed over: a clock that is wrong for a day erases nothing."""


@dataclass(frozen=True, slots=True)
class Removed:
    """A token in the trash."""

    token: ApiToken
    removed_at: datetime
    why: str = ""
    """REVOKED or SUPERSEDED; empty for what was only taken out of sight."""

    @property
    def erased_at(self) -> datetime:
        """Until then it can be brought back for sure; house-keeping erases it some days later."""
        return self.removed_at + REMOVED_FOR


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of bringing tokens back; `refused` names those that are stored anew meanwhile."""

    tokens: tuple[ApiToken, ...]
    refused: tuple[tuple[ApiToken, DuplicateToken], ...] = ()


@dataclass(frozen=True, slots=True)
class Erasure:
    """How many tokens were erased, and whether none of our files holds anything of them."""

    count: int
    is_clean: bool
    kept: int = 0
    """How many stay because a new token waits to take their place."""


class Trash:
    """Tokens out of sight, for any worker thread; never the GUI thread: each deed waits for disk.

    Each deed is one transaction. All may raise the errors of the store.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def tokens(self) -> tuple[Removed, ...]:
        """All that can be brought back, the last removed first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {TOKEN_COLUMNS}, t.removed_at, {WHY} FROM {TOKEN_SOURCE} "  # noqa: S608
                "WHERE t.removed_at IS NOT NULL ORDER BY t.removed_at DESC, t.rowid DESC"
            )
            known: dict[int, Organization] = {}
            now = self._clock()
            return tuple(
                Removed(token_from(row[:-2], known), instant(row[-2]) or now, row[-1] or "")
                for row in rows
            )

    def named_by(self, fingerprint: bytes) -> Removed | None:
        """The token with this fingerprint, if it is in the trash; the last removed of several."""
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT {TOKEN_COLUMNS}, t.removed_at FROM {TOKEN_SOURCE} "  # noqa: S608
                "WHERE t.fingerprint = ? AND t.removed_at IS NOT NULL "
                "ORDER BY t.removed_at DESC, t.rowid DESC",
                (fingerprint,),
            ).fetchone()
            if row is None:
                return None
            return Removed(token_from(row[:-1], {}), instant(row[-1]) or self._clock())

    def put(self, ids: Iterable[str], *, revoked: bool = False) -> tuple[ApiToken, ...]:
        """Takes tokens out of sight, and gives them as they were.

        `revoked` says that they do not work any more. Those that are gone already are passed over;
        NoSuchToken where all are.
        """
        taken, now = [], self._clock()
        with self._database.writing() as connection:
            removed_at = removal_instant(connection, now)
            for id in ids:
                with suppress(NoSuchToken):
                    taken.append(token_of(connection, id))
                    update_token(connection, id, {"removed_at": removed_at, "due_at": None})
                    note(connection, id, Event.REMOVED, now, REVOKED if revoked else "")
        if not taken:
            raise NoSuchToken
        return tuple(taken)

    def restore(self, ids: Iterable[str]) -> Restored:
        """Brings tokens back, except where the same token is stored anew meanwhile.

        Those that are back already are given as they are. Those that were erased are passed over;
        NoSuchToken where all were.
        """
        back: list[ApiToken] = []
        refused: list[tuple[ApiToken, DuplicateToken]] = []
        with self._database.writing() as connection:
            for id in ids:
                row = connection.execute(
                    "SELECT t.fingerprint, t.removed_at, "  # noqa: S608
                    f"{TOKEN_COLUMNS} FROM {TOKEN_SOURCE} WHERE t.id = ?",
                    (id,),
                ).fetchone()
                if row is None:
                    continue
                if row[1] is None:
                    back.append(token_from(row[2:], {}))
                    continue
                try:
                    refuse_duplicate(connection, row[0], id)
                except DuplicateToken as error:
                    refused.append((token_from(row[2:], {}), error))
                    continue
                update_token(connection, id, {"removed_at": None})
                note(connection, id, Event.RESTORED, self._clock())
                back.append(token_of(connection, id))
        if not back and not refused:
            raise NoSuchToken
        return Restored(tuple(back), tuple(refused))

    def erase(self, ids: Iterable[str]) -> Erasure:
        """Erases these tokens from the trash for good, in the store and in all copies of it."""
        self._database.owe_fresh_backup()
        count = kept = 0
        with self._database.writing() as connection:
            for id in ids:
                count += erase_tokens(connection, "id = ? AND removed_at IS NOT NULL", (id,))
                kept += _count_kept(connection, "id = ?", (id,))
            drop_empty_organizations(connection)
        return Erasure(count, self._database.leave_no_trace("erased"), kept)

    def empty(self) -> Erasure:
        """As `erase`, for all that is in the trash."""
        self._database.owe_fresh_backup()
        with self._database.writing() as connection:
            count = erase_tokens(connection, "removed_at IS NOT NULL", ())
            kept = _count_kept(connection, "1", ())
            drop_empty_organizations(connection)
        return Erasure(count, self._database.leave_no_trace("erased"), kept)

    def keep_house(self) -> None:
        """Erases what was removed long ago, ends what emptying had to leave; makes the daily copy.

        Once a day is enough. A row is erased when its time was over some days ago already, and is
        still: clocks are wrong at times. It stays for as long as a new token waits to take its
        place: that one was shown only once, and would be erased with it.

        Copies that still hold what is erased by time alone age out, within seven of them: replacing
        all of them each time would leave a single one to mend the store from. Only where no token
        is left, so that no daily copy follows, they are replaced.
        """
        now = self._clock()
        earliest, sure = seconds(now - REMOVED_FOR), seconds(now - DOUBT)
        with self._database.writing() as connection:
            connection.execute("UPDATE tokens SET due_at = NULL WHERE removed_at >= ?", (earliest,))
            connection.execute(
                "UPDATE tokens SET due_at = ? "
                "WHERE removed_at < ? AND (due_at IS NULL OR due_at > ?)",
                (seconds(now), earliest, seconds(now)),
            )
            count = erase_tokens(connection, "removed_at < ? AND due_at <= ?", (earliest, sure))
            drop_empty_organizations(connection)
            if count and connection.execute("SELECT 1 FROM tokens").fetchone() is None:
                self._database.owe_fresh_backup()
        if self._database.owes_fresh_backup:
            self._database.leave_no_trace("erased")
        else:
            self._database.empty_journal()
        self._database.back_up_daily()


def _count_kept(connection: sqlite3.Connection, which: str, values: tuple[str, ...]) -> int:
    """How many removed rows cannot be erased: erasing has left those only."""
    row = connection.execute(
        f"SELECT count(*) FROM tokens WHERE {which} AND removed_at IS NOT NULL",  # noqa: S608
        values,
    ).fetchone()
    return int(row[0])
