"""The service in small: an HTTP server on loopback that speaks all dialects of the service.

Documented by the vendor and followed here: the exchange (POST, JSON `refreshToken` and `passcode`,
201 with four strings and no `expires_in`), that of apps (JSON, 201, or Basic and a form, 200), that
of Cloud Services (a form, 200 with `expires_in`) and its details of an API token, calling-user, the
organization's record, the header `csp-auth-token`, the fields of both error families.

Not documented, and therefore chosen here:

- a refused API token is 400 of the platform's family, `invalid_grant: Invalid refresh token:
  xxxx...` and the token's last five characters (seen in public code for the layer below); other
  refusals are 401 and 403 of the Navigator's own family;
- a token that wants a passcode says so with 400 and "An MFA passcode is required for this token.",
  or, as `PASSCODE_UNSAID`, with the same 400 as any refused token; a wrong one is 400 with
  "invalid_grant: The MFA passcode is not valid.";
- an app's pair that is not known is 401 of the platform's family, `invalid_client`; the form of its
  second version must hold `grant_type=client_credentials`;
- an API token the platform does not know has 404 for its details; without an end it has 0;
- 429 carries Retry-After in seconds; gateway trouble is a web page with 502;
- `refreshToken` in the answer repeats the token that was sent: nothing rotates;
- an access token lives 30 minutes (public samples: `exp - iat` = 1800);
- HEAD / and GET / answer 200 with a page: no health address is documented, any answer is a sign of
  life;
- a trailing slash is accepted, as public clients send one.
"""

import socket
import ssl
import threading
from collections import deque
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import HTTPServer
from socketserver import TCPServer
from typing import Any, Self

from partner_tokens.core.clock import Clock, utc_now
from partner_tokens.sandbox.asked import asked_by
from partner_tokens.sandbox.behaviours import (
    Behaviour,
    KnownToken,
    RecordedRequest,
    Switches,
)
from partner_tokens.sandbox.handler import Handler
from partner_tokens.sandbox.jwt import claims_for, signed

HOST = "127.0.0.1"


class Sandbox:
    """The service, from `start` to `stop`; every method may be called from any thread.

    `clock` is the true time; `switches.clock_skew` is how far the service's own runs ahead of it.
    With `tls` it speaks HTTPS. As a context manager it starts and stops itself.
    """

    def __init__(
        self, clock: Clock = utc_now, port: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        self._clock = clock
        self._port = port
        self._tls = tls
        self._lock = threading.Lock()
        self._known: dict[str, KnownToken] = {}
        self._scripts: dict[str, deque[Behaviour]] = {}
        self._holders: dict[str, KnownToken] = {}
        self._requests: list[RecordedRequest] = []
        self._switches = Switches()
        self._server: _Server | None = None
        self.stopping = threading.Event()

    # ---- its life -----------------------------------------------------------------------------

    def start(self) -> Self:
        """Listens, on the port asked for or any free one. Raises OSError if it cannot."""
        self.stopping.clear()
        self._server = _Server(self, self._port, self._tls)
        self._port = self._server.server_port
        self._server.begin()
        return self

    def stop(self) -> None:
        """Hangs up on everyone, also on those that wait for an answer; may be started again."""
        self.stopping.set()
        if self._server is not None:
            self._server.end()
            self._server = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The endpoint: `http://127.0.0.1:port`."""
        return f"{'https' if self._tls else 'http'}://{HOST}:{self._port}"

    # ---- what it knows ------------------------------------------------------------------------

    def register(self, *tokens: KnownToken) -> None:
        """Knows these API tokens from now on; a second time replaces the first."""
        with self._lock:
            self._known.update((token.api_token, token) for token in tokens)

    def revoke(self, api_token: str) -> None:
        """Forgets an API token; it is refused from now on."""
        with self._lock:
            self._known.pop(api_token, None)

    def behave(self, api_token: str, behaviour: Behaviour) -> None:
        """Changes how a registered token is answered."""
        with self._lock:
            self._known[api_token] = replace(self._known[api_token], behaviour=behaviour)

    def script(self, api_token: str, *behaviours: Behaviour) -> None:
        """Answers the next exchanges of this token so, one after the other, then as registered."""
        with self._lock:
            self._scripts[api_token] = deque(behaviours)

    @property
    def switches(self) -> Switches:
        """What holds for the whole service now."""
        with self._lock:
            return self._switches

    def switch(self, **changes: Any) -> None:
        """Changes fields of `Switches`, for instance `switch(everywhere=Behaviour.HANG)`."""
        with self._lock:
            self._switches = replace(self._switches, **changes)

    # ---- what it saw --------------------------------------------------------------------------

    @property
    def requests(self) -> tuple[RecordedRequest, ...]:
        """Every request since the start, the oldest first."""
        with self._lock:
            return tuple(self._requests)

    @property
    def exchanges(self) -> tuple[RecordedRequest, ...]:
        """The requests that asked for an access token."""
        return tuple(request for request in self.requests if asked_by(request) is not None)

    # ---- for its handlers ---------------------------------------------------------------------

    def now(self) -> datetime:
        """The true time."""
        return self._clock()

    def server_now(self) -> datetime:
        """What the service believes the time to be."""
        return self._clock() + self.switches.clock_skew

    def record(self, request: RecordedRequest) -> None:
        """Keeps a request for the tests; the demo's are few."""
        with self._lock:
            self._requests.append(request)

    def known(self, api_token: str) -> KnownToken | None:
        """The token as registered."""
        with self._lock:
            return self._known.get(api_token)

    def behaviour_for(self, api_token: str) -> Behaviour:
        """The next behaviour for this API token; an unknown one is refused."""
        with self._lock:
            script = self._scripts.get(api_token)
            if script:
                return script.popleft()
            known = self._known.get(api_token)
            return known.behaviour if known else Behaviour.REFUSED_CSP

    def access_token(self, known: KnownToken) -> str:
        """A new access token for a registered API token."""
        claims = claims_for(
            organization_id=known.organization_id,
            user=known.user,
            issued_at=self.server_now(),
            life=known.life,
            roles=known.roles,
        )
        text = signed(claims)
        with self._lock:
            self._holders[text] = known
        return text

    def holder_of(self, access_token: str) -> KnownToken | None:
        """Whose access token this is; None for one that was not handed out here."""
        with self._lock:
            return self._holders.get(access_token)


class _Server(HTTPServer):
    """One daemon thread a connection, all of which end with the server."""

    request_queue_size = 64

    def __init__(self, sandbox: Sandbox, port: int, tls: ssl.SSLContext | None) -> None:
        self._tls = tls
        self._open: dict[threading.Thread, socket.socket] = {}
        self._guard = threading.Lock()
        self._serving = threading.Thread(
            target=self.serve_forever, args=(0.02,), name="sandbox", daemon=True
        )
        super().__init__((HOST, port), type("BoundHandler", (Handler,), {"sandbox": sandbox}))

    def server_bind(self) -> None:
        # HTTPServer would look up the machine's own name, which can take seconds.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(
            target=self._converse, args=(request, client_address), name="sandbox-line", daemon=True
        )
        with self._guard:
            self._open[thread] = request
        thread.start()

    def _converse(self, connection: socket.socket, client_address: Any) -> None:
        # Clients hang up in the middle, on purpose too: no news.
        with suppress(OSError, ValueError):
            if self._tls is not None:
                connection.settimeout(5)
                connection = self._tls.wrap_socket(connection, server_side=True)
                connection.settimeout(None)
                with self._guard:
                    self._open[threading.current_thread()] = connection
            self.finish_request(connection, client_address)
        self.shutdown_request(connection)
        with self._guard:
            self._open.pop(threading.current_thread(), None)

    def begin(self) -> None:
        """Answers whoever connects, until `end`."""
        self._serving.start()

    def end(self, patience: timedelta = timedelta(seconds=1)) -> None:
        """Stops listening and hangs up; waits no longer than `patience` for each thread."""
        self.shutdown()
        self._serving.join()
        self.server_close()
        with self._guard:
            lines = tuple(self._open.items())
        for thread, connection in lines:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(patience.total_seconds())
