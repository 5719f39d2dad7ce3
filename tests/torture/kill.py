"""Kills a process at random moments of whatever changes the store, and looks at what is left."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from partner_tokens.core.errors import AppError
from partner_tokens.core.profile import profile_under
from partner_tokens.core.schema import MIGRATIONS
from partner_tokens.parts import Parts
from torture.deeds import DEEDS, secret_text
from torture.table import Line

LIVE, REMOVED, PENDING = "live", "removed", "pending"
ROOT = Path(__file__).parents[2]
MOST = 40
"""Tokens in the store, so that a round stays short."""


class Held(NamedTuple):
    """A secret that the store holds: where, under which name."""

    place: str
    name: str
    secret: str


State = frozenset[Held]


@dataclass
class Tally:
    """What came of the rounds."""

    kills: Counter[str] = field(default_factory=Counter)
    in_the_middle: int = 0
    """Killed after it began and before it was done."""
    lost: list[str] = field(default_factory=list)
    mixed_up: list[str] = field(default_factory=list)
    halves: list[str] = field(default_factory=list)
    """Neither as before the deed nor as after it, though it is all or nothing."""
    unopened: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    """A deed that ended in an error without having been killed."""

    @property
    def is_clean(self) -> bool:
        """Nothing was lost, mixed up, half done, unopened."""
        return not (self.lost or self.mixed_up or self.halves or self.unopened or self.failed)


SHORTER, LONGER = 0.8, 1.1
"""What a kill after the end, and one before it, says of how long a deed lasts now: by these two,
seven kills of ten come before the end, however fast the machine is."""


class Slaughter:
    """One store on a real file, its key in the keyring of this session; a process a round."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder / "profile"
        self.old = folder / "old"
        self.chance = random.Random(seed)  # noqa: S311  # nothing is kept secret by it
        self.tally = Tally()
        self.state: State = frozenset()
        self._numbers = iter(range(1, sys.maxsize))
        self._lasted: dict[str, float] = {}
        parts = self._parts(self.folder)
        parts.vault.begin_with_keyring()
        parts.close()
        self._forge = subprocess.Popen(
            [sys.executable, "-m", "torture.deeds"],
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'gui'}{os.pathsep}{ROOT / 'tests'}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        """Ends the forge."""
        with self._forge as forge:
            assert forge.stdin is not None
            forge.stdin.close()

    def round(self, name: str, *, kill: bool = True) -> None:
        """Lets a process begin a deed, kills it some time later, and compares what is left."""
        deed, steps = self._chosen(name)
        folder = self.folder
        if name == "migrate":
            folder = self.old
            as_first_version(self.folder, self.old)
        said = self._run({**deed, "deed": name, "folder": str(folder)}, kill=kill)
        failures = [line for line in said if line.startswith("failed")]
        self.tally.failed += failures
        if kill:
            self.tally.kills[name] += 1
            self.tally.in_the_middle += "done" not in said
        sure = len(steps) - 1 if "done" in said else int("1" in said)
        what = f"{name} {deed} killed after {said}"
        try:
            left = self._left(folder)
        except (AppError, sqlite3.Error) as error:
            self.tally.unopened.append(f"{what}: {type(error).__name__} {error}")
            return
        self._judge(left, steps, sure, what)
        if name != "migrate":
            self.state = self._without_pending(left)

    # ---- what is chosen -----------------------------------------------------------------------

    def _chosen(self, name: str) -> tuple[dict[str, object], list[State]]:
        """The deed, and the states it leads through."""
        number = next(self._numbers)
        now = self.state
        live = sorted(one for one in now if one.place == LIVE)
        removed = sorted(one for one in now if one.place == REMOVED)
        match name:
            case "add" | "import":
                count = 1 if name == "add" else self.chance.randint(2, 12)
                names = [f"t{number}x{each}" for each in range(count)]
                new = {Held(LIVE, each, secret_text(each, number)) for each in names}
                steps = [now, now | new]
            case "replace":
                old = self.chance.choice(live)
                names = [old.name]
                fresh = secret_text(old.name, number)
                waiting = now | {Held(PENDING, old.name, fresh)}
                gone = old._replace(place=REMOVED)
                steps = [now, waiting, (now - {old}) | {gone, Held(LIVE, old.name, fresh)}]
            case "remove":
                taken = self.chance.sample(live, min(len(live), self.chance.randint(1, 4)))
                names = [one.name for one in taken]
                gone_too = {one._replace(place=REMOVED) for one in taken}
                steps = [now, (now - set(taken)) | gone_too]
            case "restore":
                back = self._restorable(removed)
                names = [one.name for one in back]
                steps = [now, (now - set(back)) | {one._replace(place=LIVE) for one in back}]
            case "erase":
                names, steps = [], [now, now - set(removed)]
            case _:
                names, steps = [], [now, now]
        return {"names": names, "number": number}, [frozenset(each) for each in steps]

    def _restorable(self, removed: list[Held]) -> list[Held]:
        """Such as are the only ones of their name, for the child finds them by it."""
        names = Counter(one.name for one in self.state)
        return [one for one in removed if names[one.name] == 1][:4]

    def can(self, name: str) -> bool:
        """Whether there is something to do that deed to."""
        places = Counter(one.place for one in self.state)
        match name:
            case "add" | "import":
                return len(self.state) < MOST
            case "replace" | "remove":
                return places[LIVE] > 0
            case "restore":
                return bool(self._restorable([o for o in self.state if o.place == REMOVED]))
            case "erase":
                return places[REMOVED] > 0
            case _:
                return bool(self.state)

    # ---- what is done -------------------------------------------------------------------------

    def _run(self, deed: dict[str, object], *, kill: bool) -> list[str]:
        forge, name = self._forge, str(deed["deed"])
        assert forge.stdin is not None
        assert forge.stdout is not None
        forge.stdin.write(json.dumps({**deed, "is_to_be_killed": kill}) + "\n")
        forge.stdin.flush()
        first = sorted((forge.stdout.readline().strip(), forge.stdout.readline().strip()))
        child, began = int(first[0]), time.monotonic()
        said = [first[1]]
        if kill and said == ["begins"]:
            # The moment of the kill is what is being tested.
            time.sleep(self.chance.random() * self._lasted.get(name, 0.1) * 1.5)
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        while (line := forge.stdout.readline().strip()) != "ended":
            said.append(line)
        if not kill:
            self._lasted[name] = time.monotonic() - began
        elif name in self._lasted:  # the machine may be busier or idler by now than it was then
            self._lasted[name] *= SHORTER if "done" in said else LONGER
        return said

    # ---- what is left -------------------------------------------------------------------------

    def _parts(self, folder: Path) -> Parts:
        return Parts(profile_under(folder))

    def _left(self, folder: Path) -> State:
        """All that the store holds, opened by a program that has just been started."""
        parts = self._parts(folder)
        try:
            parts.vault.unlock()
            with parts.database.reading() as connection:
                assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
                rows = [
                    *connection.execute(
                        "SELECT removed_at IS NULL, name, id, endpoint, kind, "
                        "key_id, nonce, ciphertext FROM tokens"
                    ),
                    *connection.execute(
                        "SELECT 2, t.name, p.id, p.endpoint, p.kind, p.key_id, p.nonce, "
                        "p.ciphertext FROM pending AS p JOIN tokens AS t ON t.id = p.token"
                    ),
                ]
            from partner_tokens.core.sealing import Sealed

            return frozenset(
                Held(
                    (REMOVED, LIVE, PENDING)[place],
                    name,
                    parts.vault.open(
                        Sealed(*cells), token_id=id, endpoint=endpoint, kind=kind
                    ).reveal(),
                )
                for place, name, id, endpoint, kind, *cells in rows
            )
        finally:
            parts.close()

    def _judge(self, left: State, steps: list[State], sure: int, what: str) -> None:
        must = frozenset.intersection(*steps[sure:])
        may = frozenset().union(*steps[sure:])
        secrets = {one.secret for one in left}
        self.tally.lost += [f"{what}: {one}" for one in must if one.secret not in secrets]
        self.tally.mixed_up += [
            f"{what}: {one}"
            for one in left
            if one not in may or not one.secret.startswith(f"token-of-{one.name}-")
        ]
        if left not in steps[sure:]:
            self.tally.halves.append(f"{what}: {sorted(left ^ steps[-1])}")

    def _without_pending(self, left: State) -> State:
        """A token that was pasted and not put in place is dropped, as its owner may."""
        if not any(one.place == PENDING for one in left):
            return left
        parts = self._parts(self.folder)
        for one in parts.pending.all():
            parts.pending.drop(one)
        parts.close()
        return frozenset(one for one in left if one.place != PENDING)


def as_first_version(folder: Path, target: Path) -> None:
    """Writes the store anew as the first version of the program has kept it; no copies beside."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(mode=0o700)
    connection = sqlite3.connect(target / "tokens.sqlite3", isolation_level=None)
    for statement in MIGRATIONS[0]:
        connection.execute(statement)
    connection.execute("ATTACH ? AS new", (str(folder / "tokens.sqlite3"),))
    for name in ("organizations", "tokens", "slots"):
        columns = [row[1] for row in connection.execute(f"PRAGMA main.table_info({name})")]
        names = ", ".join(columns)
        connection.execute(f"INSERT INTO main.{name} ({names}) SELECT {names} FROM new.{name}")  # noqa: S608
    connection.execute("PRAGMA main.user_version = 1")
    connection.close()


@contextmanager
def slaughter(folder: Path, seed: int) -> Iterator[Slaughter]:
    """A store with some tokens, every deed done once to see how long it takes."""
    made = Slaughter(folder, seed)
    try:
        for name in ("import", "import", "add", "remove", "restore", "remove", "replace",
                     "rotate", "migrate", "erase", "remove"):  # fmt: skip
            made.round(name, kill=False)
        yield made
    finally:
        made.close()


def run(folder: Path, kills: int, seed: int) -> Tally:
    """So many kills, each deed in its turn as far as there is something to do it to.

    More where some deed had nothing until then, since the kills decide what is left for the others,
    and where a busy machine let less than a third of the kills come before the end.
    """
    with slaughter(folder, seed) as made:
        names, tally = list(DEEDS), made.tally

        def are_enough() -> bool:
            return tally.kills.total() >= kills and tally.in_the_middle >= kills / 3

        while not are_enough() or tally.kills.keys() != set(names):
            for name in names:
                if made.can(name) and (not are_enough() or name not in tally.kills):
                    made.round(name)
            made.chance.shuffle(names)
        return tally


def lines(tally: Tally) -> list[Line]:
    """The table of it."""
    kills = tally.kills.total()
    deeds = ", ".join(f"{name} {count}" for name, count in sorted(tally.kills.items()))
    found = [
        Line(f"SIGKILL at random moments ({deeds})", f"{kills:,} kills", "≥ 1,000", kills >= 1000,
             f"{tally.in_the_middle:,} before the deed was done"),
    ]  # fmt: skip
    for what, failures in (
        ("tokens lost", tally.lost),
        ("tokens mixed up", tally.mixed_up),
        ("deeds half done", tally.halves),
        ("stores that do not open", tally.unopened),
        ("deeds that failed by themselves", tally.failed),
    ):
        found.append(Line(what, str(len(failures)), "0", not failures, "; ".join(failures[:2])))
    return found
