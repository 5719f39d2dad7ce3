"""How the service in small writes: JSON, web pages, and everything that goes wrong with a reply."""

import gzip
import json
import uuid
from collections.abc import Mapping
from email.utils import format_datetime
from functools import cache
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING

from partner_tokens.sandbox.behaviours import Behaviour

if TYPE_CHECKING:
    from partner_tokens.sandbox.service import Sandbox

LARGE = 64 * 1024 * 1024


class Answers(BaseHTTPRequestHandler):
    """The replies; which one is right is the business of whoever asks for it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    sandbox: "Sandbox"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name
        """Says nothing: standard error belongs to the program that runs the demo."""

    def send_json(
        self,
        status: int,
        body: Mapping[str, object] | list[dict[str, object]],
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """JSON, as every proper answer is."""
        self._send(status, json.dumps(body).encode(), "application/json", headers)

    def send_page(self, status: int, text: str) -> None:
        """A web page where JSON is expected."""
        page = f"<!doctype html><html><body>{text}</body></html>"
        self._send(status, page.encode(), "text/html; charset=utf-8")

    def refuse_csp(self, status: int, code: str, message: str, module: int) -> None:
        """An error as the platform sends it: real bodies carry more than its page lists."""
        self.send_json(
            status,
            {
                "metadata": None,
                "traceId": uuid.uuid4().hex[:16],
                "statusCode": status,
                "message": message,
                "requestId": str(uuid.uuid4()),
                "moduleCode": module,
                "cspErrorCode": code,
            },
        )

    def refuse_cpn(self, status: int, code: str, message: str) -> None:
        """An error as the Navigator's pages describe it."""
        self.send_json(
            status,
            {
                "majorErrorCode": str(status),
                "minorErrorCode": code,
                "message": message,
                "parameterList": [],
            },
        )

    def fault(self, behaviour: Behaviour) -> bool:
        """Goes wrong in the way asked for; False if that is no way to go wrong."""
        if behaviour not in FAULTS:
            return False
        FAULTS[behaviour](self)
        return True

    # ---- faults -------------------------------------------------------------------------------

    def throttle(self) -> None:
        """429, with the Retry-After that the switches name."""
        after = self.sandbox.switches.retry_after
        body = {"statusCode": 429, "message": "Too many requests", "requestId": str(uuid.uuid4())}
        self.send_json(429, body, {"Retry-After": after} if after else {})

    def redirect(self) -> None:
        """To another host, as the switches say."""
        switches = self.sandbox.switches
        self._send(switches.redirect_status, b"", "text/html", {"Location": switches.redirect_to})

    def unavailable(self) -> None:
        """503, in JSON."""
        self.send_json(503, {"statusCode": 503, "message": "Service Unavailable"})

    def garbage(self) -> None:
        """A body that is not what its header says."""
        self._send(201, b'{"accessToken": "eyJ', "application/json")

    def oversize(self) -> None:
        """More than anyone should read; stops when nobody does."""
        self._head(201, "application/json", {"Content-Length": str(LARGE)})
        for _ in range(LARGE // 65536):
            if self.sandbox.stopping.is_set():
                return
            self.wfile.write(b" " * 65536)

    def bomb(self) -> None:
        """A little gzip that unpacks to a lot."""
        self._send(201, _bomb(), "application/json", {"Content-Encoding": "gzip"})

    def truncated(self) -> None:
        """Hangs up in the middle of the body."""
        self._head(201, "application/json", {"Content-Length": "1000"})
        self.wfile.write(b'{"accessToken"')
        self.close_connection = True

    def drip(self) -> None:
        """One byte of the body at a time, without end."""
        self._head(201, "application/json", {"Content-Length": str(LARGE)})
        self._drip_on()

    def drip_headers(self) -> None:
        """One byte of a header at a time, without end."""
        self.wfile.write(b"HTTP/1.1 201 Created\r\nX-Drip: ")
        self._drip_on()

    def hang(self) -> None:
        """Waits until the service is stopped."""
        self.sandbox.stopping.wait()
        self.close_connection = True

    def hang_up(self) -> None:
        """Says nothing and closes."""
        self.close_connection = True

    def _drip_on(self) -> None:
        pause = self.sandbox.switches.drip_seconds
        while not self.sandbox.stopping.wait(pause):
            self.wfile.write(b" ")
        self.close_connection = True

    def _send(
        self,
        status: int,
        body: bytes,
        kind: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._head(status, kind, {"Content-Length": str(len(body)), **(headers or {})})
        if self.command != "HEAD":
            self.wfile.write(body)

    def _head(self, status: int, kind: str, headers: Mapping[str, str]) -> None:
        self.send_response_only(status)
        if self.sandbox.switches.tells_date:
            self.send_header("Date", format_datetime(self.sandbox.server_now(), usegmt=True))
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


FAULTS = {
    Behaviour.THROTTLED: Answers.throttle,
    Behaviour.BAD_GATEWAY: lambda answers: answers.send_page(502, "<h1>502 Bad Gateway</h1>"),
    Behaviour.UNAVAILABLE: Answers.unavailable,
    Behaviour.SLOW_REQUEST: lambda answers: answers.send_page(408, "<h1>408 Request Timeout</h1>"),
    Behaviour.SIGN_IN_PAGE: lambda answers: answers.send_page(
        200, "<h1>Sign in to this Wi-Fi</h1>"
    ),
    Behaviour.NOT_FOUND_PAGE: lambda answers: answers.send_page(404, "<h1>Not found</h1>"),
    Behaviour.GARBAGE: Answers.garbage,
    Behaviour.REDIRECT: Answers.redirect,
    Behaviour.OVERSIZE: Answers.oversize,
    Behaviour.BOMB: Answers.bomb,
    Behaviour.TRUNCATED: Answers.truncated,
    Behaviour.DRIP: Answers.drip,
    Behaviour.DRIP_HEADERS: Answers.drip_headers,
    Behaviour.HANG: Answers.hang,
    Behaviour.HANG_UP: Answers.hang_up,
}


@cache
def _bomb() -> bytes:
    return gzip.compress(b" " * LARGE)
