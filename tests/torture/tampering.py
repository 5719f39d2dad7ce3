"""Somebody writes to the store by hand: which rows still open, and where their tokens are sent."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.keys import SecretUnreadable
from partner_tokens.core.profile import profile_under
from partner_tokens.core.registry import Draft
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import Kind
from partner_tokens.parts import Parts
from partner_tokens.sandbox.behaviours import KnownToken
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from partner_tokens.sandbox.service import Sandbox
from torture.deeds import secret_text
from torture.table import Line

ROWS = 6
CELLS = "key_id, nonce, ciphertext"

Harm = Callable[[sqlite3.Connection, str], set[str]]
"""Does something to the file, told another host's address; gives the names of what it touched."""


def swapped(connection: sqlite3.Connection, other: str) -> set[str]:
    """The sealed values of two rows change places."""
    one, two = (
        connection.execute(f"SELECT {CELLS} FROM tokens WHERE name = ?", (name,)).fetchone()  # noqa: S608
        for name in ("t0", "t1")
    )
    for name, cells in (("t0", two), ("t1", one)):
        connection.execute(
            "UPDATE tokens SET key_id = ?, nonce = ?, ciphertext = ? WHERE name = ?", (*cells, name)
        )
    return {"t0", "t1"}


def redirected(connection: sqlite3.Connection, other: str) -> set[str]:
    """A row is sent to another host."""
    connection.execute("UPDATE tokens SET endpoint = ? WHERE name = 't2'", (other,))
    return {"t2"}


def of_another_kind(connection: sqlite3.Connection, other: str) -> set[str]:
    """A row is sent to another address of its host."""
    kind = Kind.CLOUD_SERVICES.value
    connection.execute("UPDATE tokens SET kind = ? WHERE name = 't3'", (kind,))
    return {"t3"}


def renamed(connection: sqlite3.Connection, other: str) -> set[str]:
    """A row gets the id of another one, which is deleted."""
    connection.execute("PRAGMA foreign_keys = OFF")
    (id,) = connection.execute("SELECT id FROM tokens WHERE name = 't4'").fetchone()
    connection.execute("DELETE FROM history WHERE token = ?", (id,))
    connection.execute("DELETE FROM tokens WHERE id = ?", (id,))
    connection.execute("UPDATE tokens SET id = ? WHERE name = 't5'", (id,))
    return {"t5"}


def changed(connection: sqlite3.Connection, other: str) -> set[str]:
    """One bit of a sealed value is turned."""
    cell = bytearray(
        connection.execute("SELECT ciphertext FROM tokens WHERE name = 't0'").fetchone()[0]
    )
    cell[len(cell) // 2] ^= 1
    connection.execute("UPDATE tokens SET ciphertext = ? WHERE name = 't0'", (bytes(cell),))
    return {"t0"}


HARMS: dict[str, Harm] = {
    "sealed values of two rows swapped": swapped,
    "an endpoint edited to another host": redirected,
    "a kind edited": of_another_kind,
    "a row moved to another id": renamed,
    "one bit of a sealed value": changed,
}


def unreadable_after(folder: Path, harm: Harm) -> tuple[set[str], set[str], int]:
    """Which rows do not open, which were touched, and how many requests the other host got."""
    backend = MemoryBackend()

    def program() -> "closing[Parts]":
        return closing(Parts(profile_under(folder), open_backend=lambda: backend))

    with Sandbox() as service, Sandbox() as other:
        with program() as parts:
            parts.vault.begin_with_keyring()
            for number in range(ROWS):
                text = secret_text(f"t{number}", number)
                service.register(KnownToken(text, f"org-{number}", f"Organization {number}"))
                draft = Draft(f"Organization {number}", f"t{number}", service.url, Secret(text))
                parts.registry.add(draft, None)
        with closing(sqlite3.connect(folder / "tokens.sqlite3", isolation_level=None)) as opened:
            touched = harm(opened, other.url)
        refused = set()
        with program() as parts:
            parts.vault.unlock()
            for token in parts.store.tokens():
                try:
                    access = parts.broker.fresh(token)
                except SecretUnreadable:
                    refused.add(token.name)
                except AppError as error:
                    raise AssertionError(f"{token.name}: {error}") from error
                else:
                    assert access.organization_id == f"org-{token.name[1:]}"
        return refused, touched, len(other.requests)


def torture(folder: Path, seed: int) -> list[Line]:
    """The lines of the table."""
    lines = []
    for number, (name, harm) in enumerate(HARMS.items()):
        refused, touched, heard = unreadable_after(folder / f"harm-{number}", harm)
        found = f"{len(refused)} of {ROWS} rows unreadable, the others work"
        is_met = refused == touched and not heard
        lines.append(Line(f"by hand: {name}", found, f"{len(touched)} unreadable", is_met,
                          f"the other host heard {heard} requests"))  # fmt: skip
    return lines
