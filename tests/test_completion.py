"""What shells offer: commands, options and stored names, asked for as real shells ask."""

import io
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partner_tokens.core.preferences import save
from partner_tokens.core.profile import Profile
from partner_tokens.terminal.bash_words import BashLine
from partner_tokens.terminal.commands import SCRIPTS
from partner_tokens.terminal.completing import complete
from partner_tokens.terminal.console import visible
from patience import wait_for
from screen import Screen
from terminal_program import Done, Program, fill, known

ENDPOINT = "https://console.navigator.vmware.com"
BREAKS = " \t\n\"'@><=;|&(:"
"""The word breaks of a bash that nobody has changed."""


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """A store in the place where one is looked for without `--profile`."""
    made = Program(tmp_path, {"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)})
    place = tmp_path / "partner-tokens"
    made.profile = Profile(place, place, place)
    fill(
        made,
        ENDPOINT,
        known("build", "Contoso Ltd"),
        known("ops", "Contoso Ltd"),
        known("nightly", "Smith & Sons; touch pwned"),
        known("evil", "$(touch pwned) `touch pwned`"),
        known("quotes", 'O\'Brien "q"'),
        known("colon", "Ærø: a=b"),
        known("slash", "back\\slash"),
        known("past", "Wow !echo"),
        known("option", "--rf"),
        known("escape", "esc\x1b]0;x\x07\nfiles"),
    )
    return made


def asked(program: Program, *words: str) -> Done:
    command = [sys.executable, "-m", "partner_tokens.cli", "__complete"]
    return program(*words, command=command, passphrase=None)


def offered(program: Program, *words: str) -> list[str]:
    """What fish would offer, the last word being begun only."""
    *before, current = words
    done = asked(program, "fish", *before, f"={current}")
    assert (done.code, done.err) == (0, "")
    kind, *lines = done.out.splitlines()
    assert kind == "offers"
    return [line.partition("\t")[0] for line in lines]


# ---- what is offered --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "offers"),
    [
        (("h",), ["header"]),
        (("re",), ["remove", "restore"]),
        (("header", "cont"), ["Contoso Ltd"]),
        (("header", "Contoso Ltd", ""), ["build", "ops"]),
        (("header", "contoso", "bu"), ["build"]),
        (("header", "aer"), []),
        (("header", "ær"), ["Ærø: a=b"]),
        (("header", "01"), ["01abcdef"]),
        (("--profile", "/nowhere", "header", ""), []),
        (
            (
                "header",
                "--min",
            ),
            ["--min-life"],
        ),
        (("header", "x", "--format", "env-c"), ["env-cmd"]),
        (("header", "x", "--format=env-c"), ["--format=env-cmd"]),
        (("edit", "build", "--organization", "smi"), ["Smith & Sons; touch pwned"]),
        (("add", "--kind", "oauth"), ["oauth-app-v1", "oauth-app-v2"]),
        (("add", "--endpoint", "https://console.n"), [ENDPOINT]),
        (("add", "--name", ""), []),
        (("backup", "x.age", "cont"), ["Contoso Ltd"]),
        (("restore", ""), []),
        (("completion", "f"), ["fish"]),
        (("list", "x", ""), []),
        (("header", "--", "cont"), ["Contoso Ltd"]),
    ],
)
def test_what_fits_is_offered(program: Program, words: Sequence[str], offers: list[str]) -> None:
    assert offered(program, *words) == offers


def test_a_name_that_commands_a_terminal_or_is_an_option_is_offered_by_its_id(
    program: Program,
) -> None:
    done = asked(program, "fish", "header", "=")
    assert not set(done.out) & {"\x1b", "\x07"}
    assert "--rf\t" not in done.out
    assert "option\t--rf" in done.out
    assert offered(program, "header", "07") == ["07abcdef"]


def test_removed_tokens_are_offered_where_they_can_be_restored(program: Program) -> None:
    assert program("remove", "nightly", command=[sys.executable, "-m", "partner_tokens.cli"],
                   passphrase=None).code == 0  # fmt: skip
    assert offered(program, "header", "smi") == []
    assert offered(program, "restore", "smi") == ["Smith & Sons; touch pwned"]


def test_formats_of_ones_own_are_offered(program: Program) -> None:
    save(program.profile.preferences_path, templates={"My form": "{token}"})
    assert offered(program, "header", "x", "--format", "my") == ["My form"]
    assert offered(program, "export", "--format", "") == ["csv", "ics"]


def test_commands_are_described_beside_their_names(program: Program) -> None:
    lines = asked(program, "zsh", "=head").out.splitlines()
    assert lines == ["offers", "header\tprint a fresh header, and nothing else"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("import", ""), "files"),
        (("backup", "x"), "files"),
        (("list", "--profile", "/t"), "files"),
        (("exec", "contoso", "--", "terraf"), "program"),
        (("exec", "contoso", "--", "terraform", "pl"), "program"),
    ],
)
def test_what_a_shell_knows_better_is_left_to_it(
    program: Program, words: Sequence[str], says: str
) -> None:
    *before, current = words
    assert asked(program, "fish", *before, f"={current}").out == f"{says}\n"


@pytest.mark.parametrize(
    "words", [(), ("fish",), ("bash", "x"), ("fish", "frob", "="), ("fish", "\x1b", "=\x1b")]
)
def test_a_question_that_makes_no_sense_is_answered_by_nothing(
    program: Program, words: Sequence[str]
) -> None:
    done = asked(program, *words)
    assert (done.code, done.out.removeprefix("offers").strip(), done.err) == (0, "", "")


def test_a_damaged_store_is_no_offer_and_no_word(program: Program) -> None:
    program.profile.store_path.write_bytes(b"no store" * 1000)
    done = asked(program, "fish", "header", "=c")
    assert (done.code, done.out.removeprefix("offers").strip(), done.err) == (0, "", "")


def test_a_look_begins_no_profile_and_opens_no_vault(tmp_path: Path) -> None:
    elsewhere = Program(tmp_path, {"XDG_DATA_HOME": str(tmp_path / "data")})
    assert offered(elsewhere, "header", "") == []
    assert list(tmp_path.iterdir()) == []
    code = (
        "import atexit, sys; from partner_tokens.cli import main\n"
        "names = ('keyring', 'cryptography', 'requests')\n"
        "atexit.register(lambda: print([name for name in names if name in sys.modules]))\n"
        "main(['__complete', 'fish', 'header', '='])\n"
    )
    done = elsewhere(command=[sys.executable, "-c", code], passphrase=None)
    assert done.out.splitlines()[-1] == "[]"


WORDS = st.text(max_size=8) | st.sampled_from(
    [
        *("header", "add", "edit", "exec", "list", "restore", "expiring", "completion", "show"),
        *("--", "-", "--format", "--format=", "--profile", "--endpoint=", "--expires", "--demo"),
        *("contoso", "ops", "01", "fish", "bash", "=", "=he", "=--", "=contoso", "p header con"),
    ]
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WORDS, max_size=6))
def test_whatever_a_shell_asks_it_gets_offers_or_nothing(
    program: Program,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
) -> None:
    with monkeypatch.context() as patch:
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
            patch.setenv(name, program.environment[name])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        assert complete(words) == 0
    out, err = capsys.readouterr()
    kind, *lines = out.split("\n")
    assert kind in {"", "offers", "files", "program"}
    assert err == ""
    for word, tab, about in (line.partition("\t") for line in lines):
        assert (visible(word), visible(about)) == (word, about)
        assert bool(tab) == (words[0] != "bash") or not word


# ---- bash's own rules -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "words", "current", "inserted"),
    [
        ("p header ", ["header"], "", "Contoso\\ Ltd"),
        ("p header con", ["header"], "con", "Contoso\\ Ltd"),
        ('p a\\ b \'c d\' "e\\"f\\g" x', ["a b", "c d", 'e"f\\g'], "x", "Contoso\\ Ltd"),
        ("p header 'con", ["header"], "con", "Contoso Ltd"),
        ('p header "con', ["header"], "con", "Contoso Ltd"),
        ("p header ''", ["header"], "", "Contoso\\ Ltd"),
        ("p --format=con", [], "--format=con", "Contoso\\ Ltd"),
        ("p header con\\", ["header"], "con", "Contoso\\ Ltd"),
    ],
)
def test_a_line_of_bash_is_read_and_written_as_bash_does(
    line: str, words: list[str], current: str, inserted: str
) -> None:
    typed = BashLine(line, BREAKS)
    assert (typed.words, typed.current) == (words, current)
    whole = "--format=Contoso Ltd" if "=" in line else "Contoso Ltd"
    assert typed.inserted(whole) == inserted


OFFERED = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"])
    | st.sampled_from(" \\\"'`$!:=@#&;|<>(){}[]*?~^%\u00a0\u3000ßİ"),
    max_size=12,
)


@given(st.text(), st.text(max_size=6), st.text())
def test_any_line_of_bash_is_read_up_to_the_cursor(line: str, breaks: str, word: str) -> None:
    typed = BashLine(line, breaks)
    assert sum(map(len, [*typed.words, typed.current])) <= len(line)
    assert typed.inserted(word).count("\n") == 0 or "\n" in word


@given(st.text(st.sampled_from("aé '\"\\\u00a0\t"), max_size=12))
def test_words_are_told_apart_as_a_shell_does(line: str) -> None:
    try:
        words = shlex.split(f"p {line} x")
    except ValueError:  # quotes are open
        return
    typed = BashLine(f"p {line} x", BREAKS)
    assert ["p", *typed.words, typed.current] == words


@pytest.mark.parametrize(
    ("begun", "rest"),
    [
        ("p strasse:", "\\ a\\(b"),
        ("p STRASSE:", "\\ a\\(b"),
        ("p straße:", "\\ a\\(b"),
        ("p 'stra", "Straße: a(b"),
    ],
)
def test_what_bash_keeps_of_a_word_is_told_by_its_letters(begun: str, rest: str) -> None:
    assert BashLine(begun, BREAKS).inserted("Straße: a(b") == rest


CASES = st.tuples(OFFERED, st.integers(0, 12), st.sampled_from(["", "'", '"']))


@settings(max_examples=40)
@given(st.lists(CASES, min_size=5))
def test_what_is_put_into_the_line_means_the_word_that_was_offered(
    cases: list[tuple[str, int, str]],
) -> None:
    lines = []
    for word, cut, quote in cases:
        begun = word[:cut] if quote and not set(word[:cut]) & set("\"'\\`$!") else ""
        typed = BashLine(f"p {quote}{begun}", BREAKS)
        assert typed.current == begun
        lines.append(f"printf '%s\\0' {quote}{typed.inserted(word)}{quote}")
    done = subprocess.run(
        ["bash", "--norc"],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert done.stdout.split("\0")[:-1] == [word for word, _cut, _quote in cases]


# ---- real shells ------------------------------------------------------------------------------

SHIM = f"""#!/bin/sh
if [ "$1" = __complete ]; then exec {sys.executable} -m partner_tokens.cli "$@"; fi
printf '<%s>' "$@"
"""
TYPED = (
    ("he", "<header>"),
    ("header cont", "<header><Contoso Ltd>"),
    ("header contoso\\ ltd bu", "<header><contoso ltd><build>"),
    ("header smi", "<header><Smith & Sons; touch pwned>"),
    ("header \\$", "<header><$(touch pwned) `touch pwned`>"),
    ('header "smi', "<header><Smith & Sons; touch pwned>"),
    ("header o\\'b", '<header><O\'Brien "q">'),
    ("header Ærø:", "<header><Ærø: a=b>"),
    ('header "wow', "<header><Wow !echo>"),
    ("header bac", "<header><back\\slash>"),
    ("header x --format=pow", "<header><x><--format=powershell>"),
    ("import marker-fi", "<import><marker-file.csv>"),
    ("exec contoso -- marker-pro", "<exec><contoso><--><marker-program>"),
)
"""What is typed before Tab, and the words that the program is then started with."""

SHELLS = {
    "bash": ["bash", "--noprofile", "--norc", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "-i", "-C", "function fish_prompt; echo 'ready> '; end"],
}
SOURCES = {
    "bash": "source {script}",
    "zsh": "autoload -Uz compinit; compinit -u -D; source {script}",
    "fish": "source {script}",
}


def has_shown(screen: Screen, text: str, times: int) -> bool:
    return screen.shown.count(text) >= times


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither these shells nor ptys")
@pytest.mark.parametrize("shell", SHELLS)
def test_a_real_shell_completes_what_is_typed(program: Program, shell: str, tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, text in (("partner-tokens-cli", SHIM), ("marker-program", "")):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    room = tmp_path / "room"
    room.mkdir()
    (room / "marker-file.csv").touch()
    script = tmp_path / "script"
    printed = program("completion", shell, command=[sys.executable, "-m", "partner_tokens.cli"],
                      passphrase=None)  # fmt: skip
    script.write_text(printed.out, encoding="utf-8")
    environment = program.environment | {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PS1": "ready> ",
        "LANG": "C.UTF-8",
        "TERM": "dumb" if shell == "bash" else "xterm",
    }
    screen = Screen(["env", "-C", str(room), *SHELLS[shell]], environment)
    screen.type(SOURCES[shell].format(script=script), after="ready> ")
    screen.type("echo so''urced", after="ready> ")
    wait_for(lambda: "sourced" in screen.shown, "the script")
    for typed, started in TYPED:
        screen.type(f"partner-tokens-cli {typed}\t", after="ready> ")
        count = 1 + sum(each[1] == started for each in TYPED[: TYPED.index((typed, started))])
        wait_for(partial(has_shown, screen, started, count), started)
    screen.type("exit", after="ready> ")
    assert screen.end() == 0
    assert list(tmp_path.rglob("pwned")) == []


@pytest.mark.parametrize("shell", SCRIPTS)
def test_the_script_of_each_shell_is_printed_as_it_is_shipped(program: Program, shell: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "partner_tokens.cli", "completion", shell],
        capture_output=True,
        env=program.environment,
        timeout=60,
        check=True,
    )
    assert b"__complete" in done.stdout
    assert done.stdout.isascii()
