"""The terminal program behind a proxy that wants the login kept in the store."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from authority import Authority
from connect_proxy import ConnectProxy
from partner_tokens.core.secret import Secret
from partner_tokens.parts import Parts
from partner_tokens.sandbox.service import Sandbox
from terminal_program import PASSPHRASE, Program, fill, known

HOST = "console.example"
BUILD = known("build")
PASSWORD = "marker-of-the-proxy"


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    authority = Authority(tmp_path)
    with (
        Sandbox(tls=authority.server(HOST)) as service,
        ConnectProxy({HOST: service.url}, user="ana", password=PASSWORD) as proxy,
    ):
        service.register(BUILD)
        made = Program(tmp_path)
        fill(made, f"https://{HOST}", BUILD)
        parts = Parts(made.profile)
        parts.vault.unlock_with(Secret(PASSPHRASE))
        parts.change_proxy_login(proxy.url, "ana", Secret(PASSWORD))
        parts.close()
        chosen = {"proxy": "manual", "proxy_address": proxy.url, "ca_file": str(authority.ca_file)}
        made.profile.preferences_path.write_text(json.dumps(chosen))
        yield made


@pytest.mark.parametrize("what", [(), ("build",)])
def test_a_check_goes_through_the_proxy_with_the_login_that_is_kept(
    program: Program, what: tuple[str, ...]
) -> None:
    done = program("check", *what, "--json")
    assert (done.code, done.err) == (0, "")
    [told] = done.json
    assert told["reachable"]
    assert ("exchange" in told) is bool(what)


def test_a_check_without_the_passphrase_says_what_it_lacks_and_how_far_it_comes(
    program: Program,
) -> None:
    done = program("check", passphrase=None)
    assert done.code == 5
    assert "--passphrase-fd" in done.err
    assert "The proxy on the way to console.example wants a user and a password." in done.out
    assert PASSWORD not in done.out + done.err
