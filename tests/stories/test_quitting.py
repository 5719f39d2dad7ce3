"""The end comes within two seconds, whatever still hangs, and leaves no header behind."""

import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from desktop import Program
from partner_tokens.core.profile import profile_under
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.sandbox.service import Sandbox
from patience import wait_for
from stories.harness import Stage
from stories.stored import known, store

pytestmark = pytest.mark.story

IN_TIME = 2.0
"""Seconds between the wish to quit and the end of the process."""

CONTOSO = known("Contoso")
FABRIKAM = known("Fabrikam", behaviour=Behaviour.HANG)


def by_key(stage: Stage, _program: Program) -> None:
    stage.desktop.keys("ctrl+q")


def by_signal(_stage: Stage, program: Program) -> None:
    program.process.send_signal(signal.SIGTERM)


Way = Callable[[Stage, Program], None]
ways = pytest.mark.parametrize("quit_it", [by_key, by_signal])


def ends_in_time(stage: Stage, program: Program, quit_it: Way) -> None:
    wished_at = time.monotonic()
    quit_it(stage, program)
    code = program.ended()
    took = time.monotonic() - wished_at
    assert (code, program.errors) == (0, ""), native_trace(stage)
    assert took < IN_TIME


def native_trace(stage: Stage) -> str:
    """How a crash inside Qt or Python came about; empty where there was none."""
    return "".join(path.read_text() for path in stage.folder.rglob("*.crash"))


@ways
def test_it_ends_in_time_while_the_keyring_hangs(
    stage: Stage, profile: Path, service: Sandbox, quit_it: Way
) -> None:
    store(profile, stage.keyring, service, CONTOSO)
    stage.keyring.hang()
    program = stage.open(profile, "Contoso", "Waiting for your keyring…")
    ends_in_time(stage, program, quit_it)


@ways
def test_it_ends_in_time_while_the_service_hangs(
    stage: Stage, profile: Path, service: Sandbox, quit_it: Way
) -> None:
    store(profile, stage.keyring, service, CONTOSO, FABRIKAM)
    program = stage.open(profile, "Contoso")
    stage.desktop.keys("Return")
    stage.sees(program, "csp-auth-token for Contoso copied")
    stage.desktop.keys("Down", "Return")
    stage.sees(program, "fetching…")
    wait_for(lambda: len(service.exchanges) == 2, "the exchange that hangs")
    ends_in_time(stage, program, quit_it)
    assert stage.desktop.clipboard() == ""


@ways
def test_it_ends_in_time_while_the_store_cannot_be_written(
    stage: Stage, profile: Path, service: Sandbox, quit_it: Way
) -> None:
    store(profile, stage.keyring, service, CONTOSO)
    program = stage.open(profile, "Contoso")
    path = profile_under(profile).store_path
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        stage.desktop.keys("ctrl+d", "ctrl+d", "ctrl+d")  # each waits for five seconds
        stage.desktop.keys("Return")
        stage.sees(program, "fetching…")
        ends_in_time(stage, program, quit_it)


def test_it_ends_in_time_while_a_thread_of_a_library_does_not(stage: Stage, profile: Path) -> None:
    program = stage.desktop.start(["-c", ENDLESS, "--profile", str(profile)], "endless")
    stage.desktop.focus("^First minute")
    ends_in_time(stage, program, by_signal)


ENDLESS = """
import sys
import threading
threading.Thread(target=threading.Event().wait).start()
from partner_tokens.__main__ import main
sys.exit(main())
"""
"""With a thread that Python's own end of a program would wait for, as some keyrings have."""
