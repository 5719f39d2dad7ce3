"""`header --format`: the formats there are, and those of the user's own."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from partner_tokens.core.preferences import save
from partner_tokens.parts import Parts
from partner_tokens.sandbox.service import Sandbox
from terminal_program import Program, fill, known

BUILD = known("build")
EVIL = known("evil", "$(touch pwned) & Co")


@pytest.fixture
def service() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        sandbox.register(BUILD, EVIL)
        yield sandbox


@pytest.fixture
def program(tmp_path: Path, service: Sandbox) -> Program:
    made = Program(tmp_path)
    fill(made, service.url, BUILD, EVIL)
    keep(
        made,
        templates={
            "Ansible": "csp: {token:json}\n# {organization}, {name}",
            "Für Bash": "T={token:bash} O={organization:bash}",
        },
    )
    return made


def keep(program: Program, **changes: object) -> None:
    save(program.profile.preferences_path, **changes)


def test_a_header_is_printed_in_a_form_of_ones_own(program: Program) -> None:
    done = program("header", "build", "--format", "ansible")
    assert (done.code, done.err) == (0, "")
    first, second = done.out.splitlines()
    assert json.loads(first.removeprefix("csp: ")).startswith("eyJ")
    assert second == "# Contoso, build"
    parts = Parts(program.profile)
    handed = parts.history.of(next(t.id for t in parts.store.tokens() if t.name == "build"))[0]
    parts.close()
    assert handed.detail == "Ansible"


def test_a_name_that_a_shell_could_obey_is_printed_in_quotes_or_not_at_all(
    program: Program,
) -> None:
    done = program("header", "evil", "--format", "Für Bash")
    assert done.code == 0
    assert "$(" not in done.out
    shell = ["bash", "--noprofile", "--norc", "-c", f'{done.out}\nprintf %s "$O"']
    assert subprocess.check_output(shell) == b"$(touch pwned) & Co"
    done = program("header", "evil", "--format", "Ansible")
    assert (done.code, done.out) == (2, "")
    assert "{organization:bash}" in done.err
    assert "touch" not in done.err


def test_an_unknown_format_is_named_beside_those_there_are(
    program: Program, service: Sandbox
) -> None:
    done = program("header", "build", "--format", "nonsense")
    assert (done.code, done.out) == (2, "")
    assert "There is no format “nonsense”." in done.err
    assert "env-cmd, Ansible, Für Bash." in done.err
    assert len(service.exchanges) == 0


def test_a_form_that_is_no_use_is_said_and_not_offered(program: Program) -> None:
    keep(program, templates={"Typo": "{tokn}", "Good": "{token}"})
    done = program("header", "build", "--format", "typo")
    assert done.code == 2
    assert "There is no format “typo”." in done.err
    assert "templates: Typo" in done.err
    done = program("header", "build", "--format", "good")
    assert (done.code, done.out[:3]) == (0, "eyJ")
    assert "templates: Typo" in done.err


def test_choices_that_are_no_use_are_said_beside_the_result(program: Program) -> None:
    keep(program, templates={}, min_life=0, proxy="manul")
    done = program("header", "build")
    assert (done.code, done.out[:15]) == (0, "csp-auth-token:")
    assert done.err == (
        "2 preferences are no use. The usual choices hold instead of: min_life, proxy\n"
    )
    assert program("list", "--json").err == ""  # which asks for no choice of the user's


def test_a_file_of_choices_that_cannot_be_read_is_said(program: Program) -> None:
    program.profile.preferences_path.write_text("{", encoding="utf-8")
    done = program("exec", "build", "--", "true")
    assert done.code == 0
    assert done.err == (
        "The file of preferences cannot be read. The usual choices hold instead of: "
        "preferences.json\n"
    )
