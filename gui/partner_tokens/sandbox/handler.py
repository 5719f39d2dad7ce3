"""One conversation of the service in small: reads a request, looks up its behaviour, answers."""

import json
from collections.abc import Mapping

from partner_tokens.sandbox.answers import Answers
from partner_tokens.sandbox.behaviours import Behaviour, KnownToken, RecordedRequest
from partner_tokens.sandbox.jwt import claims_for, signed

EXCHANGE = "/cphub/api/auth/v1/authn/accesstoken"
CALLING_USER = "/cphub/api/auth/v1/users/calling-user"
ORGANIZATIONS = "/cphub/api/core/v1/mgmt/orgs/"
LONGEST_BODY = 64 * 1024

HANDS_OUT = frozenset({Behaviour.FINE, Behaviour.PASSCODE, Behaviour.PASSCODE_UNSAID})
ODD_TOKENS = {
    Behaviour.EMPTY_TOKEN: "",
    Behaviour.INJECTION: "abc\r\nX-Injected: yes",
    Behaviour.OPAQUE: "0123456789abcdef" * 4,
}


class Handler(Answers):
    """Answers as `Sandbox` says; made anew for each connection."""

    def do_GET(self) -> None:
        """Who am I, the organization's record, or the portal's page."""
        self._serve()

    def do_HEAD(self) -> None:
        """The cheapest sign of life."""
        self._serve()

    def do_POST(self) -> None:
        """The exchange."""
        self._serve()

    # ---- what is asked ------------------------------------------------------------------------

    def _serve(self) -> None:
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(min(int(length), LONGEST_BODY)) if length.isdecimal() else b""
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = RecordedRequest(self.command, self.path, headers, body, self.sandbox.now())
        self.sandbox.record(request)
        self.sandbox.stopping.wait(self.sandbox.switches.delay_seconds)
        everywhere = self.sandbox.switches.everywhere
        path = self.path.partition("?")[0].rstrip("/")
        if everywhere is not None and everywhere is not Behaviour.FINE:
            self._behave(everywhere, "", None, {})
        elif path == EXCHANGE and self.command == "POST":
            self._exchange(request)
        elif path == CALLING_USER:
            self._calling_user(headers)
        elif path.startswith(ORGANIZATIONS):
            self._organization(headers, path.removeprefix(ORGANIZATIONS))
        elif path == "":
            self.send_page(200, "<h1>Sign in</h1>")
        else:
            self.send_page(404, "<h1>Not found</h1>")

    def _exchange(self, request: RecordedRequest) -> None:
        try:
            asked = json.loads(request.body)
        except ValueError:
            asked = None
        if not isinstance(asked, dict) or not isinstance(asked.get("refreshToken"), str):
            self.refuse_csp(400, "400.100", "Invalid request body", 340)
            return
        api_token = asked["refreshToken"]
        known = self.sandbox.known(api_token)
        self._behave(self.sandbox.behaviour_for(api_token), api_token, known, asked)

    def _calling_user(self, headers: Mapping[str, str]) -> None:
        known = self.sandbox.holder_of(headers.get("csp-auth-token", ""))
        if known is None:
            self.refuse_csp(401, "250.100", "Missing or unknown csp-auth-token", 250)
            return
        self.send_json(
            200,
            {
                "username": known.user,
                "email": known.user,
                "firstName": known.user.partition("@")[0].title(),
                "lastName": "Example",
                "domain": known.user.partition("@")[2],
                "orgContext": known.organization_id,
                "userLevel": "PROVIDER",
            },
        )

    def _organization(self, headers: Mapping[str, str], wanted: str) -> None:
        known = self.sandbox.holder_of(headers.get("csp-auth-token", ""))
        if known is None:
            self.refuse_csp(401, "250.100", "Missing or unknown csp-auth-token", 250)
        elif known.organization_id != wanted:
            self.refuse_cpn(404, "ORG_NOT_FOUND", "The organization is not known here.")
        elif not known.tells_organization:
            self.refuse_cpn(403, "ACCESS_DENIED", "Provider Administrator is required.")
        else:
            self.send_json(
                200,
                {
                    "id": wanted,
                    "name": wanted[:8],
                    "displayName": known.organization,
                    "companyName": known.organization,
                    "orgType": "TENANT",
                    "status": "ACTIVE",
                    "createTimestamp": int(self.sandbox.now().timestamp() * 1000),
                },
            )

    # ---- how it is answered -------------------------------------------------------------------

    def _behave(
        self,
        behaviour: Behaviour,
        api_token: str,
        known: KnownToken | None,
        asked: Mapping[str, object],
    ) -> None:
        if known is not None and behaviour in HANDS_OUT:
            self._hand_out(behaviour, known, asked)
        elif behaviour in ODD_TOKENS:
            self._tokens(ODD_TOKENS[behaviour])
        elif behaviour in {Behaviour.REFUSED_CPN, Behaviour.FORBIDDEN}:
            self._refuse_by_name(behaviour)
        elif not self.fault(behaviour):
            status = 404 if behaviour is Behaviour.REFUSED_CSP_404 else 400
            message = f"invalid_grant: Invalid refresh token: xxxx...{api_token[-5:]}"
            self.refuse_csp(status, "540.120-340.800", message, 340)

    def _hand_out(
        self, behaviour: Behaviour, known: KnownToken, asked: Mapping[str, object]
    ) -> None:
        passcode = asked.get("passcode") or ""
        if behaviour is Behaviour.FINE or passcode == known.passcode:
            self._tokens(self.sandbox.access_token(known), known)
        elif behaviour is Behaviour.PASSCODE_UNSAID:
            message = f"invalid_grant: Invalid refresh token: xxxx...{known.api_token[-5:]}"
            self.refuse_csp(400, "540.120-340.800", message, 340)
        elif passcode:
            self.refuse_csp(400, "340.420", "invalid_grant: The MFA passcode is not valid.", 340)
        else:
            self.refuse_csp(400, "340.410", "An MFA passcode is required for this token.", 340)

    def _tokens(self, access_token: str, known: KnownToken | None = None) -> None:
        self.send_json(
            201,
            {
                "accessToken": access_token,
                "idToken": self._id_token(known) if known else "",
                "refreshToken": known.api_token if known else "",
                "returnUrl": "",
            },
        )

    def _id_token(self, known: KnownToken) -> str:
        claims = claims_for(
            organization_id=known.organization_id,
            user=known.user,
            issued_at=self.sandbox.server_now(),
            life=known.life,
            roles=0,
        )
        return signed(claims)

    def _refuse_by_name(self, behaviour: Behaviour) -> None:
        if behaviour is Behaviour.FORBIDDEN:
            self.refuse_cpn(403, "ACCESS_DENIED", "The organization has no active service.")
        else:
            self.refuse_cpn(401, "INVALID_TOKEN", "The refresh token is not valid.")
