"""From the key press to the header on the clipboard, at hand and with one exchange."""

import json
import shutil
import time

from bench.driven import driven
from bench.ground import Ground
from bench.table import Line, middle, p95

HAS_CURL = shutil.which("curl") is not None
LATENCY = 0.04
"""Seconds that the service thinks over each exchange."""

AT_HAND = """
table.select(model.row_at(0).token.id)
window.search.setFocus()
QTest.keyClick(window.search, Qt.Key.Key_Return)
until(lambda: qt.clipboard().text().startswith("csp-auth-token"))
took = []
for _time in range(max(times, 100)):
    qt.clipboard().clear()
    qt.processEvents()
    began = time.perf_counter()
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    while not qt.clipboard().text():
        qt.processEvents()
    took.append(time.perf_counter() - began)
figures["at hand"] = took
"""

WITH_EXCHANGE = """
took = []
copied = []
application.deeds.copying.copied.connect(lambda wish, access: copied.append(time.perf_counter()))
for place in range(times + 1):
    table.select(model.row_at(place).token.id)
    qt.processEvents()
    began = time.perf_counter()
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    until(lambda: len(copied) > place)
    took.append(copied[place] - began)
figures["exchange"] = took[1:]
"""
"""The first one is not counted: it makes the connection."""


def measure(ground: Ground) -> list[Line]:
    """The peer of an exchange is a curl process that makes the same one."""
    ground.service.switch(delay_seconds=0.0)
    at_hand = [1000 * took for took in driven(ground, 2_000, AT_HAND)["at hand"]]
    ground.service.switch(delay_seconds=LATENCY)
    exchange = driven(ground, 2_000, WITH_EXCHANGE)["exchange"]
    curl = [curl_exchange(ground) for _time in range(ground.times if HAS_CURL else 0)]
    ground.service.switch(delay_seconds=0.0)
    return [
        Line("key press to header, at hand, p95", "ms", p95(at_hand), 16,
             remark=f"median {middle(at_hand):.1f}"),
        Line("key press to header, one exchange", "ms", 1000 * middle(exchange), 1.0,
             "curl process", 1000 * middle(curl) if curl else None),
    ]  # fmt: skip


def curl_exchange(ground: Ground) -> float:
    """Seconds that curl takes for one exchange, from its start to its end."""
    body = json.dumps({"refreshToken": ground.known(0).api_token})
    address = f"{ground.service.url}/cphub/api/auth/v1/authn/accesstoken"
    command = ["curl", "--silent", "--fail", "--cacert", str(ground.authority.ca_file)]
    command += ["--header", "Content-Type: application/json", "--data", "@-", address]
    began = time.perf_counter()
    done = ground.command(command, given=body)
    took = time.perf_counter() - began
    assert "accessToken" in done.stdout
    return took
