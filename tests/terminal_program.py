"""The terminal program as a process, in a home of its own, without a terminal or a message bus."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from partner_tokens.core.clock import utc_now
from partner_tokens.core.database import Database
from partner_tokens.core.keychain import Keychain
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.profile import Profile, profile_under
from partner_tokens.core.secret import Secret
from partner_tokens.core.slots import Slots
from partner_tokens.core.store import Store
from partner_tokens.core.tokens import ApiToken, Organization, Result
from partner_tokens.core.vault import Vault
from partner_tokens.sandbox.behaviours import KnownToken

ROOT = Path(__file__).parents[1]

PASSPHRASE = "correct horse marker-7c1e"
CHEAP = 15
"""log2 of scrypt's N: quick, and still taken."""


@dataclass(frozen=True)
class Done:
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, read."""
        return json.loads(self.out)


class Program:
    """Runs `python -m partner_tokens.cli`; standard input is empty unless something is given."""

    def __init__(self, home: Path, extra: Mapping[str, str] | None = None) -> None:
        self.home = home
        self.profile: Profile = profile_under(home / "profile")
        self.environment = {
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT / "gui"),
            "NO_PROXY": "*",
            "PYTHONWARNINGS": "error",
            **(extra or {}),
        }

    def command(self, *arguments: str) -> list[str]:
        """The words that start it, on the profile of this home."""
        profile = str(self.profile.data)
        return [sys.executable, "-m", "partner_tokens.cli", "--profile", profile, *arguments]

    def __call__(
        self,
        *arguments: str,
        given: str | bytes = b"",
        passphrase: str | None = PASSPHRASE,
        command: Sequence[str] = (),
        pass_fds: tuple[int, ...] = (),
    ) -> Done:
        """Runs it to its end. The passphrase comes through a pipe of its own."""
        with ExitStack() as stack:
            words = list(command) or self.command()
            if passphrase is not None:
                reading, writing = os.pipe()
                stack.callback(os.close, reading)
                os.write(writing, f"{passphrase}\n".encode())
                os.close(writing)
                words += ["--passphrase-fd", str(reading)]
                pass_fds = (*pass_fds, reading)
            done = subprocess.run(
                [*words, *arguments],
                input=given.encode() if isinstance(given, str) else given,
                capture_output=True,
                env=self.environment,
                pass_fds=pass_fds,
                start_new_session=True,
                timeout=60,
            )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def start(self, *arguments: str, **more: Any) -> subprocess.Popen[bytes]:
        """Starts it, without a passphrase, and comes back at once."""
        return subprocess.Popen(
            self.command(*arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment,
            start_new_session=True,
            **more,
        )

    def everything_written(self) -> bytes:
        """All files in its home, one after the other."""
        return b"\0".join(path.read_bytes() for path in self.home.rglob("*") if path.is_file())


def known(name: str, organization: str = "Contoso", **more: Any) -> KnownToken:
    """An API token for the service in small; its text is a marker that no file may show."""
    text = f"marker-{name}-{'x' * 40}"
    return KnownToken(text, f"{organization.lower()}-id", organization, **more)


def fill(program: Program, endpoint: str, *tokens: KnownToken, **more: Any) -> list[ApiToken]:
    """Stores tokens under the passphrase, as the program itself would; faster."""
    database = Database(program.profile.store_path, program.profile.backups, utc_now)
    store = Store(database, utc_now)
    slots = Slots(database, utc_now)
    vault = Vault(slots, Keychain(), utc_now, cost=CHEAP)  # whose keyring is never asked
    vault.begin_with_passphrase(Secret(PASSPHRASE))
    stored = []
    for number, token in enumerate(tokens):
        id, secret = f"{number:02d}abcdef{'0' * 24}", Secret(token.api_token)
        row = ApiToken(
            id=id,
            organization=Organization(token.organization, token.organization_id),
            name=token.api_token.split("-")[1],
            endpoint=endpoint,
            added_at=utc_now(),
            **{"expiry": Expiry(utc_now() + timedelta(days=20)), "result": Result(), **more},
        )
        sealed = vault.seal(secret, token_id=id, endpoint=endpoint)
        stored.append(store.add(row, sealed, vault.fingerprint(secret)))
    database.close()
    return stored
