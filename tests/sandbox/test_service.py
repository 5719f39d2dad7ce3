"""The service in small speaks the protocol, and stops at once."""

import http.client
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from clock import MovableClock
from partner_tokens.core.claims import read_claims
from partner_tokens.sandbox.behaviours import Behaviour, KnownToken
from partner_tokens.sandbox.service import Sandbox
from patience import wait_for

TEXT = "Q7x" + "aB3dE5fG" * 7 + "tail9"
EXCHANGE = "/cphub/api/auth/v1/authn/accesstoken"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(MovableClock()) as sandbox:
        sandbox.register(KnownToken(TEXT, "org-1", "Contoso Ltd"))
        yield sandbox


def ask(
    sandbox: Sandbox, method: str, path: str, body: object = None, **headers: str
) -> tuple[int, Any, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", int(sandbox.url.rpartition(":")[2]))
    raw = body if isinstance(body, bytes) else json.dumps(body) if body is not None else None
    connection.request(method, path, raw, {k.replace("_", "-"): v for k, v in headers.items()})
    response = connection.getresponse()
    text = response.read()
    connection.close()
    is_json = response.headers["Content-Type"] == "application/json"
    return response.status, json.loads(text) if is_json else text, dict(response.headers)


def exchange(sandbox: Sandbox, **more: str) -> tuple[int, Any, dict[str, str]]:
    return ask(sandbox, "POST", EXCHANGE, {"refreshToken": TEXT, **more})


def test_an_exchange_is_answered_with_201_and_four_strings(sandbox: Sandbox) -> None:
    status, body, headers = exchange(sandbox)
    assert status == 201
    assert set(body) == {"accessToken", "idToken", "refreshToken", "returnUrl"}
    assert all(isinstance(value, str) for value in body.values())
    assert headers["Date"] == "Mon, 01 Jun 2026 12:00:00 GMT"
    claims = read_claims(body["accessToken"])
    assert claims is not None
    assert claims.organization_id == "org-1"
    assert claims.expires_at is not None
    assert claims.issued_at is not None
    assert claims.expires_at - claims.issued_at == timedelta(minutes=30)


@pytest.mark.parametrize(
    ("roles", "least", "most"), [(0, 900, 1200), (3, 950, 1300), (18, 2000, 2600)]
)
def test_an_access_token_has_a_real_size(
    sandbox: Sandbox, roles: int, least: int, most: int
) -> None:
    sandbox.register(KnownToken(TEXT, "0" * 36, "Contoso", roles=roles))
    text = exchange(sandbox)[1]["accessToken"]
    assert least < len(text) < most
    assert len(text.rpartition(".")[2]) == 342


def test_a_trailing_slash_is_taken(sandbox: Sandbox) -> None:
    assert ask(sandbox, "POST", EXCHANGE + "/", {"refreshToken": TEXT})[0] == 201


@pytest.mark.parametrize("body", [b"", b"x", [], {}, {"refreshToken": 5}])
def test_a_request_that_is_none_is_400(sandbox: Sandbox, body: object) -> None:
    status, answer, _ = ask(sandbox, "POST", EXCHANGE, body)
    assert (status, answer["moduleCode"]) == (400, 340)


def test_an_unknown_token_is_refused_with_its_tail(sandbox: Sandbox) -> None:
    sandbox.revoke(TEXT)
    status, body, _ = exchange(sandbox)
    assert status == 400
    assert body["message"] == f"invalid_grant: Invalid refresh token: xxxx...{TEXT[-5:]}"
    assert {"requestId", "traceId", "statusCode", "cspErrorCode", "moduleCode"} <= set(body)


@pytest.mark.parametrize(
    ("behaviour", "status", "field"),
    [
        (Behaviour.REFUSED_CPN, 401, "minorErrorCode"),
        (Behaviour.FORBIDDEN, 403, "majorErrorCode"),
        (Behaviour.REFUSED_CSP_404, 404, "cspErrorCode"),
        (Behaviour.UNAVAILABLE, 503, "message"),
    ],
    ids=str,
)
def test_both_families_of_errors_are_spoken(
    sandbox: Sandbox, behaviour: Behaviour, status: int, field: str
) -> None:
    sandbox.behave(TEXT, behaviour)
    answer = exchange(sandbox)
    assert answer[0] == status
    assert field in answer[1]


def test_a_passcode_is_asked_for_and_taken(sandbox: Sandbox) -> None:
    sandbox.behave(TEXT, Behaviour.PASSCODE)
    assert "passcode is required" in exchange(sandbox)[1]["message"]
    assert "not valid" in exchange(sandbox, passcode="999999")[1]["message"]
    assert exchange(sandbox, passcode="123456")[0] == 201


def test_who_am_i_and_the_organization_need_an_access_token(sandbox: Sandbox) -> None:
    path = "/cphub/api/core/v1/mgmt/orgs/"
    caller = "/cphub/api/auth/v1/users/calling-user?expandUser=false"
    assert ask(sandbox, "GET", caller)[0] == ask(sandbox, "GET", f"{path}org-1")[0] == 401
    access = exchange(sandbox)[1]["accessToken"]
    assert (
        ask(sandbox, "GET", caller, csp_auth_token=access)[1]["username"] == "ana@partner.example"
    )
    status, body, _ = ask(sandbox, "GET", f"{path}org-1", csp_auth_token=access)
    assert (status, body["displayName"]) == (200, "Contoso Ltd")
    assert ask(sandbox, "GET", f"{path}org-2", csp_auth_token=access)[0] == 404
    sandbox.register(KnownToken(TEXT, "org-1", "Contoso Ltd", tells_organization=False))
    access = exchange(sandbox)[1]["accessToken"]
    assert ask(sandbox, "GET", f"{path}org-1", csp_auth_token=access)[0] == 403


def test_a_script_is_followed_and_then_the_rule(sandbox: Sandbox) -> None:
    sandbox.script(TEXT, Behaviour.THROTTLED, Behaviour.BAD_GATEWAY)
    answers = [exchange(sandbox) for _ in range(3)]
    assert [answer[0] for answer in answers] == [429, 502, 201]
    assert answers[0][2]["Retry-After"] == "2"
    assert b"502" in answers[1][1]


def test_switches_hold_for_every_request(sandbox: Sandbox) -> None:
    sandbox.switch(everywhere=Behaviour.UNAVAILABLE, clock_skew=timedelta(hours=1))
    status, _, headers = ask(sandbox, "GET", "/")
    assert status == 503
    assert headers["Date"] == "Mon, 01 Jun 2026 13:00:00 GMT"
    sandbox.switch(everywhere=Behaviour.FINE, tells_date=False)
    status, page, headers = ask(sandbox, "GET", "/")
    assert status == 200
    assert b"Sign in" in page
    assert "Date" not in headers


def test_requests_are_kept_and_show_no_secret(sandbox: Sandbox) -> None:
    exchange(sandbox)
    ask(sandbox, "HEAD", "/")
    one, other = sandbox.requests
    assert sandbox.exchanges == (one,)
    assert json.loads(one.body) == {"refreshToken": TEXT}
    assert (other.method, other.path, other.body) == ("HEAD", "/", b"")
    assert TEXT not in repr(sandbox.requests)
    assert TEXT not in repr(KnownToken(TEXT, "org-1", "Contoso"))


@pytest.mark.parametrize(
    "behaviour", [Behaviour.HANG, Behaviour.DRIP, Behaviour.DRIP_HEADERS], ids=str
)
def test_it_stops_at_once_whoever_waits(behaviour: Behaviour) -> None:
    sandbox = Sandbox().start()
    sandbox.switch(everywhere=behaviour)
    port = int(sandbox.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as idle:
        with socket.create_connection(("127.0.0.1", port)) as waiting:
            waiting.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            wait_for(lambda: sandbox.requests)
            started = time.monotonic()
            sandbox.stop()
            assert time.monotonic() - started < 1
        assert idle.recv(1) == b""
    wait_for(lambda: not any(thread.name.startswith("sandbox") for thread in threading.enumerate()))


def test_it_can_be_stopped_twice_and_started_again() -> None:
    sandbox = Sandbox().start()
    url = sandbox.url
    sandbox.stop()
    sandbox.stop()
    with sandbox:
        assert sandbox.url == url
        assert ask(sandbox, "GET", "/")[0] == 200


def test_it_needs_no_heavy_library() -> None:
    program = (
        "import sys, partner_tokens.sandbox.service, partner_tokens.sandbox.scenario;"
        "heavy = {'requests', 'urllib3', 'keyring', 'cryptography', 'PySide6'} & set(sys.modules);"
        "sys.exit(' '.join(heavy) or None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=30
    )
    assert (done.returncode, done.stderr) == (0, "")
