"""A header in the terminal: alone against a bare script, with the window against curl."""

import sys
import time

from bench.copying import HAS_CURL, LATENCY, curl_exchange
from bench.ground import Ground
from bench.table import Line, middle

FLOOR = """
import sys
import requests
from keyring.backends import SecretService
entry = SecretService.Keyring().get_password("bench", "bench")
with requests.Session() as session:
    reply = session.post(
        sys.argv[1] + "/cphub/api/auth/v1/authn/accesstoken",
        json={"refreshToken": entry}, verify=sys.argv[2],
    )
print("csp-auth-token: " + reply.json()["accessToken"])
"""
"""The least that any program must do which keeps a token in the keyring and uses requests."""

KEEP = """
import sys
from keyring.backends import SecretService
SecretService.Keyring().set_password("bench", "bench", sys.stdin.read())
"""


def measure(ground: Ground) -> list[Line]:
    """The token is another each time, so that nothing is at hand; the service adds 40 ms."""
    ground.run("-c", KEEP, given=ground.known(0).api_token)
    profile = ground.profile(2_000)
    ground.service.switch(delay_seconds=LATENCY)
    alone, floor, lent, curl = [], [], [], []
    for number in range(ground.times + 1):
        alone.append(borrow(ground, number))
        floor.append(_timed(ground, "-c", FLOOR, ground.service.url, str(ground.authority.ca_file)))
    program = ground.desktop.start(["-m", "partner_tokens", "--profile", str(profile)], "window")
    ground.desktop.window("^Partner Tokens$")
    borrow(ground, 0)
    for _time in range(ground.times + 1):
        lent.append(borrow(ground, 0))
        if HAS_CURL:
            curl.append(curl_exchange(ground))
    program.process.terminate()
    program.ended()
    ground.service.switch(delay_seconds=0.0)
    return [
        Line("cli header, cold, one exchange", "ms", 1000 * middle(alone[1:]), 1.3,
             "bare script", 1000 * middle(floor[1:])),
        Line("cli header, the window has it at hand", "ms", 1000 * middle(lent[1:]), 1.2,
             "curl process", 1000 * middle(curl[1:]) if curl else None),
    ]  # fmt: skip


def borrow(ground: Ground, number: int) -> float:
    """Seconds that the command for a header takes; the window makes it, where one is open."""
    profile, id = str(ground.profile(2_000)), f"{number:032x}"
    return _timed(ground, "-m", "partner_tokens.cli", "--profile", profile, "header", id)


def _timed(ground: Ground, *arguments: str) -> float:
    began = time.perf_counter()
    done = ground.command([sys.executable, *arguments])
    took = time.perf_counter() - began
    assert done.stdout.startswith("csp-auth-token: "), done.stderr
    return took
