"""What happened to each token: noted inside the transactions of the store, read for the window.

Never a secret, and nothing the service said but its request ids.
"""

import sqlite3
from datetime import datetime
from typing import TYPE_CHECKING

from partner_tokens.core.events import Change, Entry, Event
from partner_tokens.core.rows import HISTORY_COLUMNS, LONGEST_TEXT, entry_from, seconds
from partner_tokens.core.tokens import ApiToken, Result, State

if TYPE_CHECKING:
    from partner_tokens.core.database import Database

KEPT = 300
"""Lines of one token."""

REPEATING = (
    Event.PROVEN,
    Event.REFUSED,
    Event.PASSCODE,
    Event.UNREACHABLE,
    Event.HELD,
    Event.ASKED,
    Event.HANDED_OUT,
    Event.DENIED,
)
"""What a program does by itself, over and over: repeated, it stays one line."""

ORDINARY = (*REPEATING, Event.COPIED)
"""What happens daily, and so makes way first: the day a token was replaced is to be found later."""

_BY_STATE = {
    State.READY: Event.PROVEN,
    State.REFUSED: Event.REFUSED,
    State.PASSCODE: Event.PASSCODE,
    State.UNREACHABLE: Event.UNREACHABLE,
    State.HELD: Event.HELD,
}
_PLACES = ", ".join("?" * len(ORDINARY))


def note(
    connection: sqlite3.Connection,
    token_id: str,
    event: Event,
    at: datetime,
    detail: str = "",
    request_id: str = "",
) -> None:
    """Adds a line to the token's history, inside a transaction that is open."""
    cells = seconds(at), detail[:LONGEST_TEXT], request_id[:LONGEST_TEXT]
    if event in REPEATING:
        newest = connection.execute(
            "SELECT position, event, detail FROM history WHERE token = ? "
            "ORDER BY position DESC LIMIT 1",
            (token_id,),
        ).fetchone()
        # A network that is down fails now at this stage, now at that.
        if newest and newest[1] == event and (newest[2] == detail or event is Event.UNREACHABLE):
            connection.execute(
                "UPDATE history SET at = ?, detail = ?, request_id = ?, times = times + 1 "
                "WHERE position = ?",
                (*cells, newest[0]),
            )
            return
    connection.execute(
        "INSERT INTO history (token, event, at, detail, request_id, since, times) "
        "VALUES (?, ?, ?, ?, ?, ?, 1)",
        (token_id, event.value, *cells, cells[0]),
    )
    _thin_out(connection, token_id)


def note_result(connection: sqlite3.Connection, token_id: str, result: Result) -> None:
    """Notes how an exchange ended; nothing where none was made."""
    event = _BY_STATE.get(result.state)
    if event is not None and result.at is not None:
        detail = result.stage or "" if event is Event.UNREACHABLE else ""
        note(connection, token_id, event, result.at, detail, result.request_id)


def note_edit(
    connection: sqlite3.Connection,
    before: ApiToken,
    after: ApiToken,
    at: datetime,
    *,
    is_replaced: bool,
) -> None:
    """Notes what an edit did to a row: another secret, another organization, other words."""
    if is_replaced:
        note(connection, after.id, Event.REPLACED, at)
    if before.organization.key != after.organization.key:
        note(connection, after.id, Event.MOVED, at, before.organization.name)
    changes = _changes(before, after)
    if changes:
        note(connection, after.id, Event.EDITED, at, " ".join(changes))
    if after.result != before.result:
        note_result(connection, after.id, after.result)


class History:
    """The histories, for any worker thread; never the GUI thread. Raises the store's errors."""

    def __init__(self, database: "Database") -> None:
        self._database = database

    def of(self, token_id: str, most: int = KEPT) -> tuple[Entry, ...]:
        """The newest lines of one token, the newest first; none of a token that is unknown."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {HISTORY_COLUMNS} FROM history WHERE token = ? "  # noqa: S608
                "ORDER BY position DESC LIMIT ?",
                (token_id, most),
            )
            return tuple(map(entry_from, rows))


def _changes(before: ApiToken, after: ApiToken) -> list[Change]:
    """What reads otherwise after an edit; a move is no change of the organization's name."""
    same_home = before.organization.key == after.organization.key
    pairs = {
        Change.ORGANIZATION: same_home and before.organization.name != after.organization.name,
        Change.NAME: before.name != after.name,
        Change.ENDPOINT: before.endpoint != after.endpoint,
        Change.KIND: before.kind is not after.kind,
        Change.EXPIRY: before.expiry != after.expiry,
        Change.NOTE: before.note != after.note,
        Change.PASSCODE: before.interactive != after.interactive,
    }
    return [change for change, is_other in pairs.items() if is_other]


def _thin_out(connection: sqlite3.Connection, token_id: str) -> None:
    (count,) = connection.execute(
        "SELECT count(*) FROM history WHERE token = ?", (token_id,)
    ).fetchone()
    if count > KEPT:
        connection.execute(
            "DELETE FROM history WHERE position IN (SELECT position FROM history WHERE token = ? "  # noqa: S608
            f"ORDER BY event IN ({_PLACES}), position DESC LIMIT -1 OFFSET ?)",
            (token_id, *(event.value for event in ORDINARY), KEPT),
        )
