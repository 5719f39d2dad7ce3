"""`token` and `exec`: for credential helpers, and for programs that read a variable."""

import json
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.sandbox.service import Sandbox
from terminal_program import Program, fill, known

BUILD = known("build")
OPS = known("ops", "Fabrikam")

TELL = """
import json, os, sys
from pathlib import Path
print(json.dumps({
    "args": sys.argv[1:],
    "variable": os.environ.get("CSP_AUTH_TOKEN", ""),
    "others": [name for name, text in os.environ.items()
               if name != "CSP_AUTH_TOKEN" and os.environ.get("CSP_AUTH_TOKEN", "?") in text],
    "cmdline": Path("/proc/self/cmdline").read_text() if Path("/proc").exists() else "",
}))
sys.exit(23)
"""


@pytest.fixture
def service() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        sandbox.register(BUILD, OPS)
        yield sandbox


@pytest.fixture
def program(tmp_path: Path, service: Sandbox) -> Program:
    made = Program(tmp_path)
    fill(made, service.url, BUILD, OPS)
    return made


def test_a_token_is_printed_bare(program: Program) -> None:
    done = program("token", "contoso")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("eyJ")
    assert done.out.count("\n") == 1


def test_a_token_for_credential_helpers_has_its_end(program: Program) -> None:
    done = program("token", "contoso", "--json")
    assert set(done.json) == {"token", "expires_at"}
    left = datetime.fromisoformat(done.json["expires_at"]) - datetime.now(UTC)
    assert timedelta(minutes=28) < left <= timedelta(minutes=30)


def test_a_program_is_run_with_the_token_in_one_variable(program: Program) -> None:
    done = program("exec", "contoso", "--", sys.executable, "-c", TELL, "--json", "--", "x y")
    assert (done.code, done.err) == (23, "")
    told = json.loads(done.out)
    assert told["args"] == ["--json", "--", "x y"]
    assert told["variable"].startswith("eyJ")
    assert told["others"] == []
    assert told["variable"] not in told["cmdline"]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux")
def test_a_program_gets_its_signals_as_from_a_shell(program: Program) -> None:
    done = program("exec", "contoso", "--", "grep", "SigIgn", "/proc/self/status")
    assert int(done.out.split()[1], 16) & 1 << (signal.SIGPIPE - 1) == 0


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("exec", "contoso"), 2, "exec needs a program"),
        (("exec", "contoso", "--"), 2, "exec needs a program"),
        (("exec", "contoso", "--", "", "plan"), 2, "exec needs a program"),
        (("exec", "nobody", "--", "true"), 3, "No token matches"),
        (("exec", "contoso", "--", "no-such-program-here"), 2, "There is no program"),
        (("exec", "contoso", "--", str(Path(__file__).parent)), 2, "cannot be run"),
    ],
)
def test_what_cannot_be_run_is_said_and_nothing_is_run(
    program: Program, words: tuple[str, ...], code: int, says: str
) -> None:
    done = program(*words)
    assert done.code == code
    assert says in done.err
    assert done.out == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other scripts")
@pytest.mark.parametrize("named", ["by its path", "by its name"])
def test_a_script_that_names_no_interpreter_is_run_as_by_a_shell(
    program: Program, tmp_path: Path, named: str
) -> None:
    script = tmp_path / "deploy"
    script.write_text('echo "$1 ${CSP_AUTH_TOKEN%%J*}"; exit 23\n')
    script.chmod(0o700)
    program.environment["PATH"] += f":{tmp_path}"
    done = program("exec", "contoso", "--", str(script) if "path" in named else "deploy", "a b")
    assert (done.code, done.out, done.err) == (23, "a b ey\n", "")


def test_a_refused_token_runs_nothing(program: Program, service: Sandbox, tmp_path: Path) -> None:
    service.behave(BUILD.api_token, Behaviour.REFUSED_CSP)
    done = program("exec", "contoso", "--", "touch", str(tmp_path / "ran"))
    assert done.code == 4
    assert not (tmp_path / "ran").exists()
