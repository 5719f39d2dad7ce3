"""A renewal killed at any moment: the old row and the new token, or the new row; never less."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from partner_tokens.core.clock import utc_now
from partner_tokens.core.database import Database
from partner_tokens.core.keychain import Keychain
from partner_tokens.core.pending import PendingSecrets
from partner_tokens.core.registry import Draft, Registry
from partner_tokens.core.secret import Secret
from partner_tokens.core.slots import Slots
from partner_tokens.core.store import Store
from partner_tokens.core.tokens import ApiToken
from partner_tokens.core.trash import Trash
from partner_tokens.core.vault import Vault
from partner_tokens.sandbox.behaviours import KnownToken
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from partner_tokens.sandbox.service import Sandbox

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")

ROUNDS = 21
STEPS = ("begins", "pasted", "proven")
"""After what the process may be killed; the last word, "swapped", comes when all is done."""

PASSPHRASE = "correct horse battery"
FORGE = """
import os, signal, sys, time
from pathlib import Path
from partner_tokens.core.clock import utc_now
from partner_tokens.core.database import Database
from partner_tokens.core.keychain import Keychain
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.service import Service
from partner_tokens.core.pending import PendingSecrets
from partner_tokens.core.registry import Registry
from partner_tokens.core.renewal import Renewal
from partner_tokens.core.secret import Secret
from partner_tokens.core.slots import Slots
from partner_tokens.core.store import Store
from partner_tokens.core.transport import Transport
from partner_tokens.core.vault import Vault
from partner_tokens.sandbox.memory_keyring import MemoryBackend

path, passphrase = Path(sys.argv[1]), sys.argv[2]


def parts():
    database = Database(path, path.parent / "backups", utc_now)
    store = Store(database, utc_now)
    return database, store, Vault(Slots(database, utc_now), Keychain(MemoryBackend), utc_now)


database, store, vault = parts()
vault.unlock_with(Secret(passphrase))  # slow on purpose, and so done once for all rounds
opened = vault._opened
database.close()
Transport(clock=utc_now).get_ready()  # so that no step lasts much longer than the others


def say(word):
    line = f"{word} {time.monotonic()}\\n"
    os.write(1, line.encode())  # in one piece, whoever else is writing


def renew(secret):
    database, store, vault = parts()
    vault._opened = opened
    service = Service(Transport(clock=utc_now), utc_now)
    registry = Registry(store, vault, service, utc_now)
    renewal = Renewal(PendingSecrets(database, utc_now), store, vault, registry, utc_now)
    (old,) = store.tokens()
    say("begins")
    pending = renewal.paste(old, Secret(secret), Expiry.unknown())
    say("pasted")
    proof = renewal.prove(pending)
    say("proven")
    renewal.swap(pending, old, proof, pending.expiry)
    say("swapped")


for line in sys.stdin:
    secret, is_to_be_killed = line.split()
    child = os.fork()
    if not child:
        renew(secret)
        if is_to_be_killed == "True":
            signal.pause()
        os._exit(0)
    say(child)
    os.waitpid(child, 0)
    say("ended")
"""


class Place:
    """One row, its token renewed again and again by a process that is killed each time."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self.path = folder / "tokens.sqlite3"
        self.sandbox = sandbox
        self.database = Database(self.path, folder / "backups", utc_now)
        self.store = Store(self.database, utc_now)
        self.pending = PendingSecrets(self.database, utc_now)
        self.trash = Trash(self.database, utc_now)
        slots = Slots(self.database, utc_now)
        self.vault = Vault(slots, Keychain(MemoryBackend), utc_now, cost=15)
        self.vault.begin_with_passphrase(Secret(PASSPHRASE))
        registry = Registry(self.store, self.vault, None, utc_now)  # type: ignore[arg-type]
        registry.add(Draft("Contoso", "ci", sandbox.url, Secret("token-number-0")), None)
        self._forge = subprocess.Popen(
            [sys.executable, "-c", FORGE, str(self.path), PASSPHRASE],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "gui")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def renew(self, secret: str, kill: tuple[str, float] | None = None) -> dict[str, float]:
        """Lets a process renew, killed so many seconds after a step; when it said which step."""
        forge = self._forge
        assert forge.stdin is not None
        assert forge.stdout is not None
        self.sandbox.register(KnownToken(secret, "org-contoso", "Contoso"))
        forge.stdin.write(f"{secret} {kill is not None}\n")
        forge.stdin.flush()
        child, line = sorted((forge.stdout.readline().split(), forge.stdout.readline().split()))
        said = {}
        while line[0] != "ended":
            said[line[0]] = float(line[1])
            if kill is not None and line[0] == kill[0]:
                time.sleep(kill[1])  # the moment of the kill is what is being tested
                os.kill(int(child[0]), signal.SIGKILL)
            line = forge.stdout.readline().split()
        return said

    def secret_of(self, row: ApiToken) -> str:
        return self.vault.open(
            self.store.sealed(row.id), token_id=row.id, endpoint=row.endpoint, kind=row.kind
        ).reveal()

    def close(self) -> None:
        with self._forge as forge:
            assert forge.stdin is not None
            forge.stdin.close()
        self.database.close()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with Sandbox() as sandbox:
        made = Place(tmp_path, sandbox)
        yield made
        made.close()


def test_after_a_kill_at_any_moment_old_row_and_new_token_or_the_new_row_is_there(
    place: Place,
) -> None:
    whole = place.renew("token-number-1")
    assert tuple(whole) == (*STEPS, "swapped")
    lasts = {step: end - start for (step, start), (_next, end) in pairwise(whole.items())}
    before, met = "token-number-1", set()
    chance = random.Random(3)  # noqa: S311  # nothing is kept secret by it
    for number in range(2, ROUNDS + 2):
        secret = f"token-number-{number}"
        step = STEPS[number % len(STEPS)]
        said = place.renew(secret, (step, chance.random() * lasts[step] * 1.5))
        met.add([*said][-1])
        (row,) = place.store.tokens()
        stored, waiting = place.secret_of(row), place.pending.all()
        if "swapped" in said or stored == secret:
            assert (stored, waiting) == (secret, ())
            assert place.trash.tokens()[0].token.id != row.id
            before = secret
            continue
        assert stored == before
        for one in waiting:
            opened = place.vault.open(one.sealed, token_id=one.id, endpoint=one.endpoint)
            assert (one.token.id, opened.reveal()) == (row.id, secret)
            place.pending.drop(one)
        if "pasted" in said:
            assert len(waiting) == 1
    with place.database.reading() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert len(met) > 1, met  # some died early, some late
