"""What the measurements stand on: a screen, a keyring, a service, and stores of any size."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from authority import Authority
from desktop import Desktop
from keyring_session import KeyringSession
from partner_tokens.core.clock import utc_now
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.preferences import save
from partner_tokens.core.profile import profile_under
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken, Organization, Result, State
from partner_tokens.parts import Parts
from partner_tokens.sandbox.behaviours import KnownToken
from partner_tokens.sandbox.service import Sandbox

FORMS = ("Ltd", "GmbH", "Inc", "Oy")
ROOT = Path(__file__).parents[2]


class Ground:
    """Made once for a run; everything lies in one folder that is thrown away."""

    def __init__(self, folder: Path, times: int) -> None:
        self.folder = folder
        self.times = times
        (folder / "keyring").mkdir()
        self.keyring = KeyringSession(folder / "keyring")
        self.desktop = Desktop(
            folder / "desktop", {"DBUS_SESSION_BUS_ADDRESS": self.keyring.address}
        )
        self.authority = Authority(folder)
        self.service = Sandbox(tls=self.authority.server()).start()
        self._made: dict[int, Path] = {}

    def close(self) -> None:
        """Ends what was started."""
        self.service.stop()
        self.desktop.close()
        self.keyring.stop()

    @property
    def environment(self) -> Mapping[str, str]:
        """For programs on the screen, with the keyring."""
        return self.desktop.environment

    @contextmanager
    def session(self) -> Iterator[None]:
        """This process has the keyring, for as long as this lasts."""
        with pytest.MonkeyPatch.context() as environment:
            self.keyring.enter(environment)
            yield

    def parts(self, profile: Path) -> Parts:
        """The parts of a profile, in this process."""
        return Parts(profile_under(profile))

    def profile(self, count: int) -> Path:
        """A profile with so many tokens that the service knows, sealed by a key in the keyring."""
        if count not in self._made:
            folder = self.folder / f"profile-{count}"
            with self.session():
                parts = self.parts(folder)
                parts.vault.begin_with_keyring()
                if count:
                    self._fill(parts, count)
                parts.close()
            save(parts.profile.preferences_path, ca_file=str(self.authority.ca_file))
            self._made[count] = folder
        return self._made[count]

    def _fill(self, parts: Parts, count: int) -> None:
        now = utc_now()
        batch = []
        for number in range(count):
            known = self.known(number)
            self.service.register(known)
            secret, id = Secret(known.api_token), f"{number:032x}"
            token = ApiToken(
                id=id,
                organization=Organization(known.organization, known.organization_id),
                name=f"token {number % 3}",
                endpoint=self.service.url,
                added_at=now,
                expiry=Expiry(now + timedelta(days=3 + number % 300)),
                user=known.user,
                result=Result(State.READY, None, now),
            )
            sealed = parts.vault.seal(secret, token_id=id, endpoint=token.endpoint)
            batch.append((token, sealed, parts.vault.fingerprint(secret)))
        parts.store.add_all(batch)

    def known(self, number: int) -> KnownToken:
        """The API token of this number, as the service knows it."""
        name = f"Organization {number // 3:05} {FORMS[number % 4]}"
        return KnownToken(f"{number:08x}{'0123456789abcdef' * 4}"[:64], f"org-{number // 3}", name)

    def run(self, *arguments: str, given: str = "") -> "subprocess.CompletedProcess[str]":
        """Runs Python with these arguments on the screen; what it prints is the result."""
        return self.command([sys.executable, *arguments], given=given)

    def command(self, command: list[str], given: str = "") -> "subprocess.CompletedProcess[str]":
        """Runs a program with the keyring, in the home of the screen. Raises if it fails."""
        return subprocess.run(
            command,
            env={**self.environment, "NO_PROXY": "*", "PYTHONPATH": str(ROOT / "gui")},
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )


def pss(pid: int) -> float:
    """The proportional set size of a process and its children, in MiB."""
    total = 0
    for name in (pid, *_children(pid)):
        for line in Path(f"/proc/{name}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in text.split()]


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
