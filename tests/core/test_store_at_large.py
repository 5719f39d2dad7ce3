"""The store with many tokens: what a deed costs does not grow with all that is stored."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from clock import MovableClock
from partner_tokens.core.database import Database
from partner_tokens.core.events import Event
from partner_tokens.core.sealing import Sealed
from partner_tokens.core.store import Store
from partner_tokens.core.tokens import ApiToken, Organization, Result, State

SEALED = Sealed("key-1", b"nonce-nonce-", b"sealed text")
GROWING = ("tokens", "organizations", "history", "t", "o")
"""The tables that grow with the list, and what our statements call them for short."""


def test_a_deed_on_one_token_looks_through_no_table(tmp_path: Path) -> None:
    clock = MovableClock()
    database = Database(tmp_path / "tokens.sqlite3", tmp_path / "backups", clock)
    store = Store(database, clock)
    token = ApiToken("t1", Organization("Contoso", "org-1"), "ci", "https://one.example", clock())
    twin = replace(token, id="t2", name="build")
    said: list[str] = []
    store.tokens()  # makes the file
    with database.reading() as connection:
        connection.set_trace_callback(said.append)
    added = store.add(token, SEALED, b"1")
    store.add_all([(twin, SEALED, b"2")])
    store.record(added, Result(State.READY, None, clock()), organization_id="org-1")
    store.mark_used("t1", clock() + timedelta(hours=1), Event.COPIED, "header")
    store.pin("t1", True)
    assert store.token("t1").pinned

    with database.reading() as connection:
        connection.set_trace_callback(None)
        scans = {
            f"{step[3]}: {statement}"
            for statement in said
            if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))
            for step in connection.execute(f"EXPLAIN QUERY PLAN {statement}")
            if step[3].split()[0] == "SCAN" and step[3].split()[1] in GROWING
        }
    database.close()
    assert len(said) > 30
    assert scans == set()
