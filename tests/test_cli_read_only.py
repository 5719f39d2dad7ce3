"""The terminal on a disk that can only be read: what reads works, what writes says one sentence."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hindered import on_a_read_only_disk
from partner_tokens.sandbox.service import Sandbox
from terminal_program import Done, Program, fill, known
from torture.disk import can_mount

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="mounts a disk of its own"),
    pytest.mark.skipif(not can_mount(), reason="this system allows no disk of our own"),
]

CONTOSO = known("build")
FABRIKAM = known("deploy", "Fabrikam")
STORAGE = 6


@pytest.fixture
def service() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        sandbox.register(CONTOSO, FABRIKAM)
        yield sandbox


@pytest.fixture
def program(tmp_path: Path, service: Sandbox) -> Program:
    made = Program(tmp_path)
    fill(made, service.url, CONTOSO, FABRIKAM)
    return made


def run(program: Program, *words: str, given: str = "") -> Done:
    command = [*on_a_read_only_disk(program.profile.data), *program.command()]
    return program(*words, command=command, given=given)


def test_what_reads_works_and_nothing_is_written(program: Program, service: Sandbox) -> None:
    def files() -> dict[Path, bytes]:
        return {p: p.read_bytes() for p in program.profile.data.rglob("*") if p.is_file()}

    before = files()
    listed = run(program, "list", "--json")
    assert [each["organization"] for each in listed.json] == ["Contoso", "Fabrikam"]
    assert "Fabrikam" in run(program, "list").out
    assert run(program, "expiring", "--within", "30d", "--json").code == 1
    header = run(program, "header", "contoso")
    assert (header.code, header.err) == (0, "")
    assert service.holder_of(header.out.removeprefix("csp-auth-token: ").strip()) == CONTOSO
    token = run(program, "token", "fabrikam")
    assert service.holder_of(token.out.strip()) == FABRIKAM
    ran = run(program, "exec", "fabrikam", "--", "sh", "-c", "echo $CSP_AUTH_TOKEN")
    assert service.holder_of(ran.out.strip()) == FABRIKAM
    assert files() == before


@pytest.mark.parametrize("words", [("remove", "contoso"), ("edit", "contoso", "--note", "x")])
def test_what_writes_says_that_nothing_can_be_changed_and_where(
    program: Program, words: tuple[str, ...]
) -> None:
    done = run(program, *words)
    assert done.code == STORAGE
    assert "Your list can only be read now." in done.err
    assert f"{program.profile.data} lies on a read-only disk." in done.err
    assert len(program("list", "--json").json) == 2
