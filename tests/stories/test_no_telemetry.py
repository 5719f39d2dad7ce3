"""No telemetry: the system is asked whom the program talked to, from its start to its end."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from partner_tokens.sandbox.service import Sandbox
from stories.harness import Stage
from stories.stored import known, store

pytestmark = pytest.mark.story

CALLS = "connect,sendto,sendmsg,sendmmsg,bind"
NETWORK = re.compile(
    r"sa_family=AF_INET6?, sin6?_port=htons\((\d+)\).*?"
    r"(?:inet_addr\(\"([^\"]+)\"\)|inet_pton\(AF_INET6, \"([^\"]+)\")"
)
FAMILY = re.compile(r"sa_family=(AF_\w+)")
LOCAL = {"AF_UNIX", "AF_NETLINK", "AF_UNSPEC"}
"""Between programs of this computer, and questions to its kernel."""
CONTOSO = known("Contoso")


def watch(stage: Stage, name: str) -> Path:
    """Has the next start traced, every thread and every child of it; gives the file of it."""
    calls = stage.folder / f"{name}.calls"
    stage.under = ("strace", "-f", "-D", "-qq", "-e", f"trace={CALLS}", "-o", str(calls), "--")
    return calls


def talked_to(calls: Path) -> set[tuple[str, int]]:
    """Addresses and ports that were connected or written to over a network, this computer's too.

    Where it listens, or tries whether it could, that is on this computer alone.
    """
    found: set[tuple[str, int]] = set()
    for line in calls.read_text(errors="replace").splitlines():
        families = FAMILY.findall(line)
        assert set(families) <= {*LOCAL, "AF_INET", "AF_INET6"}, line
        places = {(four or six, int(port)) for port, four, six in NETWORK.findall(line)}
        assert bool(places) is bool({"AF_INET", "AF_INET6"} & set(families)), line
        if " bind(" in line:
            assert {address for address, _port in places} <= {"127.0.0.1", "::1"}, line
        else:
            found |= places
    return found


def test_without_a_token_nobody_is_talked_to(stage: Stage, tmp_path: Path) -> None:
    calls = watch(stage, "empty")
    program = stage.open_first(tmp_path / "fresh", "No tokens yet", "Keyring: Secret Service")
    stage.desktop.keys("F5")
    stage.press(program, "Menu")
    stage.desktop.keys("l", "a")
    stage.desktop.focus("^About Partner Tokens")
    stage.sees(program, "What it does not do")
    stage.desktop.keys("Escape")
    stage.desktop.focus("^Partner Tokens$")
    stage.desktop.keys("ctrl+q")
    assert (program.ended(), program.errors) == (0, "")
    assert "AF_UNIX" in calls.read_text(errors="replace")
    assert talked_to(calls) == set()


def test_with_tokens_their_endpoints_are_talked_to_and_nobody_else(
    stage: Stage, profile: Path, service: Sandbox
) -> None:
    store(profile, stage.keyring, service, CONTOSO)
    calls = watch(stage, "used")
    program = stage.open(profile, "Contoso", "Keyring: Secret Service", "127.0.0.1")
    stage.desktop.keys("Return")
    stage.sees(program, "csp-auth-token for Contoso copied")
    stage.desktop.keys("F5")
    stage.desktop.keys("F1")
    stage.desktop.focus("^Keyboard shortcuts")
    stage.desktop.keys("Escape")
    stage.desktop.focus("^Partner Tokens$")
    stage.desktop.keys("ctrl+l")
    stage.sees(program, "Forgotten")
    stage.desktop.keys("ctrl+q")
    assert (program.ended(), program.errors) == (0, "")
    assert talked_to(calls) == {("127.0.0.1", urlsplit(service.url).port)}
