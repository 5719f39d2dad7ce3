"""No trace of the terminal: whatever a command writes or starts others with, no secret is in it."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from partner_tokens.core.preferences import save
from partner_tokens.sandbox.service import Sandbox
from stories.tracer import recorded, tracing
from stories.traces import files_under, found_in
from terminal_program import PASSPHRASE, Done, Program, fill, known

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="strace is for Linux")

BUILD, OPS, BULK = known("build"), known("ops", "Fabrikam"), known("bulk", "Litware")
FOR_FILE = "of the file marker-9d2a"
FD = "{fd}"
"""Stands for the number of the pipe with both passphrases."""

VARIABLE = re.compile(rb"\nCSP_AUTH_TOKEN=([^\n]*)")
JWT = re.compile(r"eyJ[\w.-]{500,}")


@pytest.fixture
def service() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        sandbox.register(BUILD, OPS, BULK)
        yield sandbox


class Traced:
    """Runs the terminal program, and keeps what the system says of each run."""

    def __init__(self, program: Program, aside: Path) -> None:
        self.program, self._aside = program, aside
        self.places: dict[str, bytes] = {}

    def __call__(self, *words: str, given: str = "", prints: bool = False) -> Done:
        """With both passphrases; what is there to be printed is not looked through."""
        record = self._aside / f"{len(self.places)}.calls"
        reading, writing = os.pipe()
        os.write(writing, f"{PASSPHRASE}\n{FOR_FILE}\n".encode())
        os.close(writing)
        command = [*tracing(record), *self.program.command("--passphrase-fd", str(reading))]
        command += [str(reading) if word == FD else word for word in words]
        done = self.program(command=command, given=given, passphrase=None, pass_fds=(reading,))
        os.close(reading)
        found = {**recorded(record), "err": done.err.encode()}
        if not prints:
            found["out"] = done.out.encode()
        self.places |= {f"{' '.join(words)}: {place}": text for place, text in found.items()}
        return done


def lent(places: dict[str, bytes]) -> str:
    """Takes out the one variable of the child of `exec`, and gives what was in it."""
    (place,) = (place for place, text in places.items() if VARIABLE.search(text))
    (found,) = VARIABLE.findall(places[place])
    places[place] = VARIABLE.sub(b"", places[place])
    assert places[place].startswith(b"/bin/true\n")
    return str(found, "ascii")


def test_no_secret_is_left_by_any_command(tmp_path: Path, service: Sandbox) -> None:
    program = Program(tmp_path / "home")
    fill(program, service.url, BUILD)
    save(program.profile.preferences_path, templates={"Mine": "curl -H {header:bash} {endpoint}"})
    aside = tmp_path / "aside"
    aside.mkdir()
    given, sealed = aside / "tokens.csv", aside / "backup.age"
    given.write_text(f"API token,Organization,Endpoint\n{BULK.api_token},Litware,{service.url}\n")
    run = Traced(program, aside)
    printed = [
        run("token", "build", prints=True).out,
        run("header", "build", "--format", "Mine", prints=True).out,
    ]
    assert run("exec", "build", "--", "/bin/true").code == 0
    accesses = [*JWT.findall("\n".join(printed)), lent(run.places)]
    assert len(accesses) == 3
    endpoint = ("--endpoint", service.url)
    codes = [
        run("add", "--name", "ops", *endpoint, given=OPS.api_token).code,
        run("import", str(given)).code,
        run("list", "--json").code,
        run("check", "ops").code,
        run("export", str(aside / "inventory.csv")).code,
        run("backup", str(sealed), "--file-passphrase-fd", FD).code,
        run("import", str(sealed), "--file-passphrase-fd", FD).code,
        run("edit", "ops", "--name", "deploy", "--note", "by hand").code,
        run("remove", "deploy").code,
        run("restore", "deploy").code,
        run("expiring", "--within", "1d", "--json").code,
    ]
    assert codes == [0] * len(codes)
    places = run.places | files_under(program.home)
    places |= {file.name: file.read_bytes() for file in (sealed, aside / "inventory.csv")}
    parts = [part for access in accesses for part in access.split(".")[1:]]
    api_tokens = [token.api_token for token in (BUILD, OPS, BULK)]
    assert found_in(places, PASSPHRASE, FOR_FILE, *api_tokens, *parts) == []
