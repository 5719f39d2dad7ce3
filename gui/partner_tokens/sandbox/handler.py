"""One conversation of the service in small: reads a request, looks up its behaviour, answers."""

from collections.abc import Mapping
from datetime import datetime

from partner_tokens.core.tokens import Kind
from partner_tokens.sandbox.answers import Answers
from partner_tokens.sandbox.asked import DETAILS, Asked, asked_by, json_fields
from partner_tokens.sandbox.behaviours import Behaviour, KnownToken, RecordedRequest
from partner_tokens.sandbox.jwt import claims_for, signed

CALLING_USER = "/cphub/api/auth/v1/users/calling-user"
ORGANIZATIONS = "/cphub/api/core/v1/mgmt/orgs/"
PLATFORM_ORGANIZATIONS = "/csp/gateway/am/api/orgs/"
TENANTS = "/tenants"
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
        switches = self.sandbox.switches
        everywhere = (switches.heads if self.command == "HEAD" else None) or switches.everywhere
        path = self.path.partition("?")[0].rstrip("/")
        if everywhere is not None and everywhere is not Behaviour.FINE:
            self._behave(everywhere, Asked(Kind.NAVIGATOR), None)
        elif (asked := asked_by(request)) is not None:
            self._exchange(asked)
        elif path == DETAILS and self.command == "POST":
            self._details(json_fields(request).get("tokenValue", ""))
        elif path == CALLING_USER:
            self._calling_user(headers)
        elif path.startswith(ORGANIZATIONS) and path.endswith(TENANTS):
            wanted = path.removeprefix(ORGANIZATIONS).removesuffix(TENANTS)
            self._list_tenants(headers, wanted)
        elif path.startswith(ORGANIZATIONS):
            self._organization(headers, path.removeprefix(ORGANIZATIONS))
        elif path.startswith(PLATFORM_ORGANIZATIONS):
            self._platform_organization(headers, path.removeprefix(PLATFORM_ORGANIZATIONS))
        elif path == "":
            self.send_page(200, "<h1>Sign in</h1>")
        else:
            self.send_page(404, "<h1>Not found</h1>")

    def _exchange(self, asked: Asked) -> None:
        if not asked.secret.strip(":"):
            self.refuse_csp(400, "400.100", "Invalid request body", 340)
            return
        known = self.sandbox.known(asked.secret)
        behaviour = self.sandbox.behaviour_for(asked.secret)
        wrong_organization = known and asked.organization_id not in {"", known.organization_id}
        if known and (known.kind is not asked.kind or wrong_organization):
            known, behaviour = None, Behaviour.REFUSED_CSP
        self._behave(behaviour, asked, known)

    def _details(self, api_token: str) -> None:
        known = self.sandbox.known(api_token)
        if known is None or known.kind.is_app or not known.tells_dates:
            self.refuse_csp(404, "540.130", "The API token was not found.", 540)
            return
        self.send_json(
            200,
            {
                "acct": known.user,
                "createdAt": self._instant(known.made_at),
                "deactivated": False,
                "expiresAt": self._instant(known.expires_at),
                "lastUsedAt": self._instant(known.used_at),
                "orgId": known.organization_id,
                "token": known.api_token,
                "tokenId": known.api_token[:8],
                "tokenName": known.name,
                "username": known.user,
            },
        )

    def _instant(self, at: datetime | None) -> int:
        seconds = 0 if at is None else int(at.timestamp())
        return seconds * 1000 if self.sandbox.switches.counts_milliseconds else seconds

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
            children = [id for id, _name in known.tenants] + list(known.unlisted)
            kind = "PROVIDER" if children else "TENANT"
            record = self._record(wanted, known.organization, kind)
            self.send_json(200, {**record, "childOrgIds": children})

    def _list_tenants(self, headers: Mapping[str, str], wanted: str) -> None:
        known = self.sandbox.holder_of(headers.get("csp-auth-token", ""))
        if known is None:
            self.refuse_csp(401, "250.100", "Missing or unknown csp-auth-token", 250)
        elif known.organization_id != wanted:
            self.refuse_cpn(404, "ORG_NOT_FOUND", "The organization is not known here.")
        elif not known.tenants:
            self.refuse_cpn(403, "ACCESS_DENIED", "Provider Administrator is required.")
        else:
            listed = [self._record(id, name, "TENANT") for id, name in known.tenants]
            self.send_json(200, [{**one, "parentOrgId": wanted} for one in listed])

    def _record(self, id: str, name: str, kind: str) -> dict[str, object]:
        return {
            "id": id,
            "name": id[:8],
            "displayName": name,
            "companyName": name,
            "orgType": kind,
            "status": "ACTIVE",
            "createTimestamp": int(self.sandbox.now().timestamp() * 1000),
        }

    def _platform_organization(self, headers: Mapping[str, str], wanted: str) -> None:
        _bearer, _space, access = headers.get("authorization", "").partition(" ")
        known = self.sandbox.holder_of(access)
        if known is None:
            self.refuse_csp(401, "250.100", "Missing mandatory request header: authorization", 250)
        elif known.organization_id != wanted or not known.tells_organization:
            self.refuse_csp(404, "250.404", "The organization was not found.", 250)
        else:
            self.send_json(200, {"id": wanted, "displayName": known.organization})

    # ---- how it is answered -------------------------------------------------------------------

    def _behave(self, behaviour: Behaviour, asked: Asked, known: KnownToken | None) -> None:
        if known is not None and behaviour in HANDS_OUT:
            self._hand_out(behaviour, known, asked)
        elif behaviour in ODD_TOKENS:
            self._tokens(asked.kind, ODD_TOKENS[behaviour])
        elif behaviour in {Behaviour.REFUSED_CPN, Behaviour.FORBIDDEN}:
            self._refuse_by_name(behaviour)
        elif not self.fault(behaviour):
            self._refuse(404 if behaviour is Behaviour.REFUSED_CSP_404 else 400, asked)

    def _refuse(self, status: int, asked: Asked) -> None:
        if asked.kind.is_app:
            self.refuse_csp(401, "340.401", "invalid_client: Bad client credentials", 340)
            return
        message = f"invalid_grant: Invalid refresh token: xxxx...{asked.secret[-5:]}"
        self.refuse_csp(status, "540.120-340.800", message, 340)

    def _hand_out(self, behaviour: Behaviour, known: KnownToken, asked: Asked) -> None:
        passcode = asked.passcode
        if behaviour is Behaviour.FINE or passcode == known.passcode:
            self._tokens(asked.kind, self.sandbox.access_token(known), known)
        elif behaviour is Behaviour.PASSCODE_UNSAID:
            self._refuse(400, asked)
        elif passcode:
            self.refuse_csp(400, "340.420", "invalid_grant: The MFA passcode is not valid.", 340)
        else:
            self.refuse_csp(400, "340.410", "An MFA passcode is required for this token.", 340)

    def _tokens(self, kind: Kind, access_token: str, known: KnownToken | None = None) -> None:
        id_token = self._id_token(known) if known else ""
        repeated = known.api_token if known and not kind.is_app else ""
        if kind is Kind.CLOUD_SERVICES:
            self.send_json(
                200,
                {
                    "access_token": access_token,
                    "expires_in": int(known.life.total_seconds()) - 1 if known else 1799,
                    "id_token": id_token,
                    "refresh_token": repeated,
                    "scope": "openid",
                    "token_type": "bearer",
                },
            )
            return
        self.send_json(
            200 if kind is Kind.OAUTH_APP_V2 else 201,
            {
                "accessToken": access_token,
                "idToken": id_token,
                "refreshToken": repeated,
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
