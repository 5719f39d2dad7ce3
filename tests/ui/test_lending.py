"""The terminal asks the running window: one cache, one exchange, and the window's own rules."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from partner_tokens.core.door import Door
from partner_tokens.core.events import Event
from partner_tokens.core.instance import Instance
from partner_tokens.core.preferences import save
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import State
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.ui.main_window import Page
from partner_tokens.ui.session import Access
from ui.world import Key, World

ROOT = Path(__file__).parents[2]


@dataclass
class Terminal:
    """The terminal program beside the window, on the same profile and without any keyring."""

    world: World

    def __call__(
        self, *words: str, given: str = "", options: tuple[str, ...] = ()
    ) -> "subprocess.CompletedProcess[str]":
        ended: list[subprocess.CompletedProcess[str]] = []
        command = [sys.executable, *options, "-m", "partner_tokens.cli"]
        command += ["--profile", str(self.world.folder)]
        environment = {
            "HOME": str(self.world.folder),
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT / "gui"),
            "NO_PROXY": "*",
        }

        def run() -> None:
            ended.append(
                subprocess.run(
                    [*command, *words],
                    env=environment,
                    input=given,
                    capture_output=True,
                    text=True,
                    timeout=60,
                    check=False,
                )
            )

        thread = threading.Thread(target=run)
        thread.start()
        self.world.until(lambda: not thread.is_alive())
        return ended[0]


@pytest.fixture
def terminal(world: World) -> Iterator[Terminal]:
    with Instance(world.folder) as running:
        assert running.claim()
        door = Door()
        running.serve(door.answer)
        world.application.let_in(door)
        yield Terminal(world)


def test_one_exchange_serves_window_and_terminal(world: World, terminal: Terminal) -> None:
    world.store("c", "Contoso")
    world.start()
    first = terminal("header", "contoso")
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.startswith("csp-auth-token: eyJ")
    assert terminal("header", "contoso").stdout == first.stdout
    world.select("c")
    world.press(Key.Key_Return)
    world.until(lambda: world.clipboard() == first.stdout.strip())
    assert len(world.sandbox.exchanges) == 1
    world.until(lambda: world.token("c").last_used_at is not None)


def test_what_is_at_hand_comes_without_loading_more_than_the_question(
    world: World, terminal: Terminal
) -> None:
    world.store("c", "Contoso")
    world.start()
    first = terminal("header", "contoso")
    at = world.token("c").last_used_at
    assert at is not None
    world.clock.now += timedelta(seconds=5)
    again = terminal("header", "contoso", options=("-X", "importtime"))
    assert again.stdout == first.stdout
    loaded = {line.rpartition("|")[2].strip() for line in again.stderr.splitlines()}
    assert "partner_tokens.core.instance" in loaded
    assert loaded & {"argparse", "sqlite3", "dataclasses", "partner_tokens.core.tokens"} == set()
    world.until(lambda: world.token("c").last_used_at == at + timedelta(seconds=5))


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        (("header", "contoso", "ltd"), "csp-auth-token: eyJ"),
        (("header", "c" * 32), "csp-auth-token: eyJ"),
        (("header", "--format", "curl", "contoso"), "curl -H 'csp-auth-token: eyJ"),
        (("header", "contoso", "--format", "bearer"), "Authorization: Bearer eyJ"),
        (("token", "contoso"), "eyJ"),
        (("token", "--json", "contoso"), '{"token": "eyJ'),
    ],
)
def test_each_form_is_as_it_is_without_the_window(
    world: World, terminal: Terminal, words: tuple[str, ...], begins: str
) -> None:
    world.store("c" * 32, "Contoso Ltd")
    world.start()
    terminal("header", "contoso")
    done = terminal(*words)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(begins)
    assert done.stdout.endswith("\n")
    assert len(world.sandbox.exchanges) == 1


def test_a_form_of_ones_own_is_lent_and_noted_by_its_name(world: World, terminal: Terminal) -> None:
    world.store("c", "Contoso")
    save(world.parts.profile.preferences_path, templates={"Mine": "t={token} o={organization}"})
    world.start()
    for _time in range(2):
        done = terminal("header", "contoso", "--format", "mine")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("t=eyJ")
        assert done.stdout.endswith(" o=Contoso\n")
    assert len(world.sandbox.exchanges) == 1
    noted = world.parts.history.of("c")[0]
    assert (noted.event, noted.detail, noted.times) == (Event.HANDED_OUT, "Mine", 2)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("header", "contoso", "--format", "curl", "ltd"), 2, "unrecognized arguments: ltd"),
        (("header", "contoso", "--format", "nonsense"), 2, "no format “nonsense”"),
        (("header", "contoso", "--format"), 2, "expected one argument"),
        (("token", "contoso", "--format", "curl"), 2, "unrecognized arguments"),
        (("header",), 2, "WHAT"),
        (("header", "o"), 3, "More than one token matches"),
        (("header", "zebra"), 3, "No token matches"),
    ],
)
def test_what_cannot_be_meant_is_told_as_it_is_without_the_window(
    world: World, terminal: Terminal, words: tuple[str, ...], code: int, told: str
) -> None:
    world.store("c", "Contoso Ltd")
    world.store("n", "Northwind")
    world.start()
    terminal("header", "contoso")
    done = terminal(*words)
    assert (done.returncode, done.stdout) == (code, "")
    assert told in done.stderr


def test_the_terminal_says_production_also_with_the_header_at_hand(
    world: World, terminal: Terminal
) -> None:
    world.store("c", "Contoso")
    seen = world.parts.store.token("c").organization
    world.parts.organizations.edit(seen, replace(seen, production=True))
    world.start()
    for _time in range(2):
        done = terminal("header", "contoso")
        assert (done.returncode, done.stdout[:15]) == (0, "csp-auth-token:")
        assert "This is for Contoso (production)." in done.stderr


def test_what_the_terminal_changes_is_seen_in_the_window(world: World, terminal: Terminal) -> None:
    world.store("c", "Contoso")
    world.start()
    model = world.application.model
    assert terminal("edit", "contoso", "--name", "nightly").returncode == 0
    world.until(lambda: [token.name for token in model.tokens()] == ["nightly"])
    assert terminal("remove", "contoso").returncode == 0
    world.until(lambda: not model.tokens())
    assert terminal("restore", "contoso").returncode == 0
    world.until(lambda: len(model.tokens()) == 1)


def test_what_the_window_is_told_the_terminal_tells(world: World, terminal: Terminal) -> None:
    world.store("c", "Contoso", behaviour=Behaviour.REFUSED_CSP)
    world.start()
    done = terminal("header", "contoso")
    assert (done.returncode, done.stdout) == (4, "")
    assert "refused this token" in done.stderr


def test_a_passcode_goes_through_the_window(world: World, terminal: Terminal) -> None:
    world.store("c", "Contoso", behaviour=Behaviour.PASSCODE, state=State.PASSCODE)
    world.start()
    done = terminal("header", "contoso")
    assert done.returncode == 7
    assert "--passcode-stdin" in done.stderr
    done = terminal("header", "contoso", "--passcode-stdin", given="123456")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_window_that_may_not_lend_is_not_asked_further(world: World, terminal: Terminal) -> None:
    world.store("c", "Contoso")
    save(world.parts.profile.preferences_path, lend_to_terminal="no")
    world.start()
    done = terminal("header", "contoso")
    assert done.returncode == 6  # alone, the terminal has no keyring here
    assert len(world.sandbox.exchanges) == 0


def test_a_locked_window_lends_nothing_and_the_passphrase_gets_past_it(
    world: World, terminal: Terminal
) -> None:
    world.parts.vault.begin_with_passphrase(Secret("correct horse"))
    world.store("c", "Contoso")
    world.parts.vault.close()
    world.start(page=Page.SHUT)
    assert world.application.session.access is Access.LOCKED
    done = terminal("header", "contoso")
    assert (done.returncode, done.stdout) == (6, "")
    assert len(world.sandbox.exchanges) == 0
    done = terminal("header", "contoso", "--passphrase-fd", "0", given="correct horse\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("csp-auth-token: ")


def test_a_window_that_the_user_locked_lends_nothing_even_with_a_keyring(
    world: World, terminal: Terminal
) -> None:
    world.store("c", "Contoso")
    save(world.parts.profile.preferences_path, lend_to_terminal="no")
    world.start()
    world.deeds.locking.lock()
    done = terminal("header", "contoso")
    assert (done.returncode, done.stdout) == (6, "")
    assert "locked" in done.stderr
    noted = world.parts.history.of("c")[0]
    assert (noted.event, noted.detail) == (Event.DENIED, "header")


TABLE = "organization,name,token\nFabrikam,ci,pasted-token-0123456789-0123456789-0123456789\n"


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (("backup", "safe.age", "--file-passphrase-fd", "0"), "six words for a safe of files"),
        (("add", "--organization", "Fabrikam", "--name", "ci"), f"a-token-{'0' * 40}"),
        (("check", "contoso"), ""),
        (("edit", "contoso", "--endpoint", "https://example.com"), ""),
        (("import", "-"), TABLE),
    ],
)
def test_behind_a_locked_window_no_command_opens_the_store_by_the_keyring(
    world: World, terminal: Terminal, words: tuple[str, ...], given: str
) -> None:
    world.store("c", "Contoso")
    world.start()
    world.deeds.locking.lock()
    more = ("--endpoint", world.sandbox.url) if words[0] == "add" else ()
    done = terminal(*words, *more, given=given)
    assert "Your tokens are locked" in done.stdout + done.stderr
    assert done.returncode == 6
    assert len(world.sandbox.exchanges) == 0


@pytest.mark.parametrize(
    "message",
    [
        {"do": "lend"},
        {"do": "lend", "id": "c", "organization": "Contoso", "form": "x", "min_life": None},
        {"do": "lend", "id": 5, "organization": "Contoso", "form": "", "min_life": None,
         "passcode": ""},
        {"do": "lend", "id": "c", "organization": "Contoso", "form": "", "min_life": 1e300,
         "passcode": ""},
        {"do": "lend", "id": "c", "organization": "Contoso", "form": "", "min_life": float("nan"),
         "passcode": ""},
    ],
)  # fmt: skip
def test_a_wish_of_another_version_is_left_to_the_terminal(
    world: World, message: dict[str, object]
) -> None:
    world.store("c", "Contoso")
    world.start()
    assert world.deeds.calls.answer(message) == {"answer": "alone"}


def test_a_row_that_was_moved_meanwhile_is_not_lent(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    message = {"do": "lend", "id": "c", "organization": "Fabrikam", "form": "", "min_life": None}
    answer = world.deeds.calls.answer({**message, "passcode": ""})
    assert (answer["answer"], answer["kind"]) == ("failed", "EditedMeanwhile")
