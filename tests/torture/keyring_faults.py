"""What the keyring may do: what is said of it, and whether the store opens once it is back."""

import random
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from keyring_session import BARE_BUS, KeyringSession
from partner_tokens.core.errors import AppError
from partner_tokens.core.profile import profile_under
from partner_tokens.core.registry import Draft
from partner_tokens.core.secret import Secret
from partner_tokens.parts import Parts
from torture.deeds import ENDPOINT, secret_text
from torture.table import Line

TOKENS = 8
PATIENCE = timedelta(seconds=1)
DENIED = '<deny send_interface="org.freedesktop.Secret.Item" send_member="GetSecret"/>'
DENYING = BARE_BUS.replace('<allow own="*"/>', f'<allow own="*"/>{DENIED}')
"""A bus that lets nobody read a secret."""


class Room:
    """A store under a folder, its key in a real GNOME Keyring of its own."""

    def __init__(self, folder: Path) -> None:
        self.profile = folder / "profile"
        (folder / "bus").mkdir()
        self.session = KeyringSession(folder / "bus")

    def program(self) -> Parts:
        """A program that has just been started."""
        return Parts(profile_under(self.profile), patience=PATIENCE)

    def fill(self) -> None:
        """A store with some tokens."""
        parts = self.program()
        parts.vault.begin_with_keyring()
        for number in range(TOKENS):
            secret = Secret(secret_text(f"t{number}", 1))
            parts.registry.add(Draft("Contoso", f"t{number}", ENDPOINT, secret), None)
        parts.close()

    def said(self) -> str:
        """What is said when the store is to be opened; empty where it opens."""
        parts = self.program()
        try:
            parts.vault.unlock()
        except AppError as error:
            return error.title
        finally:
            parts.close()
        return ""

    def held(self) -> int:
        """How many tokens open to their own secret."""
        parts = self.program()
        try:
            parts.vault.unlock()
            return sum(
                parts.vault.open(
                    parts.store.sealed(token.id), token_id=token.id, endpoint=token.endpoint
                ).reveal()
                == secret_text(token.name, 1)
                for token in parts.store.tokens()
            )
        finally:
            parts.close()

    def entry(self, change: Callable[[bytes], bytes]) -> bytes:
        """Changes our entry from outside; gives what it was."""
        with self.session.collection() as collection:
            assert collection is not None
            (item,) = collection.get_all_items()
            before: bytes = item.get_secret()
            item.set_secret(change(before))
        return before

    def delete_entries(self) -> None:
        """Deletes our entry from outside, and what interrupted renewals may have left beside it."""
        with self.session.collection() as collection:
            assert collection is not None
            for item in list(collection.get_all_items()):
                item.delete()

    def rotate(self) -> threading.Thread:
        """Begins to renew the key, on a thread; it ends by itself, one way or the other."""

        def work() -> None:
            parts = self.program()
            try:
                parts.vault.unlock()
                parts.locksmith.rotate(None)
            except AppError:
                pass
            finally:
                parts.close()

        thread = threading.Thread(target=work)
        thread.start()
        return thread


def absent(folder: Path) -> str:
    """A bus without any keyring."""
    session = KeyringSession(folder, with_keyring=False)
    with pytest.MonkeyPatch.context() as environment:
        session.enter(environment)
        parts = Parts(profile_under(folder / "profile"), patience=PATIENCE)
        try:
            parts.vault.begin_with_keyring()
        except AppError as error:
            return error.title
        finally:
            parts.close()
            session.stop()
    return ""


def denied(folder: Path) -> str:
    """A keyring that takes a secret and does not give it back: no slot is made with it."""
    session = KeyringSession(folder, bus=DENYING)
    with pytest.MonkeyPatch.context() as environment:
        session.enter(environment)
        parts = Parts(profile_under(folder / "profile"), patience=PATIENCE)
        try:
            parts.vault.begin_with_keyring()
        except AppError as error:
            assert parts.slots.slots() == ()
            return error.title
        finally:
            parts.close()
            session.stop()
    return ""


def rows(room: Room) -> dict[str, tuple[str, int]]:
    """By what was done: what is said, and how many tokens open once it is over."""
    found = {}
    room.session.lock()
    said = room.said()
    room.session.restart()
    found["locked"] = said, room.held()
    room.session.hang()
    said = room.said()
    room.session.resume()
    found["stopped"] = said, room.held()
    room.session.hang()
    later = threading.Timer(0.5, room.session.resume)
    later.start()
    said = room.said()
    later.join()
    found["slow"] = said, room.held()
    room.session.hang()
    later = threading.Timer(0.3, room.session.kill)
    later.start()
    said = room.said()
    later.join()
    room.session.restart()
    found["killed in the middle"] = said, room.held()
    before = room.entry(lambda text: bytes(reversed(text)))
    said = room.said()
    room.entry(lambda _text: before)
    found["answers with another key"] = said, room.held()
    return found


def deleted(room: Room) -> tuple[str, int]:
    """The entry is deleted from outside: what is said, and how many rows are still listed."""
    room.delete_entries()
    said = room.said()
    parts = room.program()
    listed = len(parts.store.tokens())
    parts.close()
    return said, listed


def rotations(room: Room, rounds: int, seed: int) -> tuple[int, list[int]]:
    """The keyring is stopped or killed at random moments of a renewal of the key.

    How many renewals, and the rounds after which not every token opened.
    """
    chance = random.Random(seed)  # noqa: S311  # nothing is kept secret by it
    bad = []
    for number in range(rounds):
        thread = room.rotate()
        time.sleep(chance.random() * 0.4)  # the moment is what is being tested
        if number % 2:
            room.session.hang()
            thread.join(30)
            room.session.resume()
        else:
            room.session.kill()
            thread.join(30)
            room.session.restart()
        try:
            is_whole = room.held() == TOKENS
        except AppError:
            is_whole = False
        if not is_whole:
            bad.append(number)
    return rounds, bad


def torture(folder: Path, seed: int) -> list[Line]:
    """The lines of the table."""
    for name in ("absent", "denied", "room"):
        (folder / name).mkdir()
    lines = []
    for name, words in (
        ("absent", absent(folder / "absent")),
        ("denied", denied(folder / "denied")),
    ):
        lines.append(Line(f"keyring: {name}", words, "a sentence", bool(words)))
    room = Room(folder / "room")
    with pytest.MonkeyPatch.context() as environment:
        room.session.enter(environment)
        try:
            room.fill()
            for name, (words, held) in rows(room).items():
                shown = words or "(opens)"
                is_met = held == TOKENS and bool(words) != (name == "slow")
                lines.append(Line(f"keyring: {name}", shown, f"{TOKENS} tokens open after", is_met))
            tried, bad = rotations(room, 50, seed)
            what = f"keyring: stopped or killed in {tried} renewals of the key"
            lines.append(Line(what, f"{len(bad)} stores not whole", "0", not bad, str(bad or "")))
            words, listed = deleted(room)
            lines.append(Line("keyring: entry deleted from outside", words,
                              f"{TOKENS} rows stay", listed == TOKENS))  # fmt: skip
        finally:
            room.session.stop()
    return lines
