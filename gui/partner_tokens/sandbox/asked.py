"""What a request for an access token asks for: by its path, which secret, with which passcode."""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from partner_tokens.core.tokens import Kind
from partner_tokens.sandbox.behaviours import RecordedRequest

NAVIGATOR = "/cphub/api/auth/v1/authn/accesstoken"
APP_V1 = re.compile(r"/cphub/api/auth/v1/authn/accounts/([\w-]+)/accesstoken")
APP_V2 = "/cphub/api/auth/v2/authn/authorize"
CLOUD_SERVICES = "/csp/gateway/am/api/auth/api-tokens/authorize"
DETAILS = "/csp/gateway/am/api/auth/api-tokens/details"


@dataclass(frozen=True, slots=True)
class Asked:
    """An exchange; `secret` is empty where the request has none in the place the kind says."""

    kind: Kind
    secret: str = ""
    passcode: str = ""
    organization_id: str = ""


def asked_by(request: RecordedRequest) -> Asked | None:
    """The exchange a request asks for; None where it asks for something else."""
    path, query = urlsplit(request.path).path.rstrip("/"), urlsplit(request.path).query
    app = APP_V1.fullmatch(path)
    if request.method != "POST":
        return None
    if path == NAVIGATOR:
        fields = json_fields(request)
        return Asked(Kind.NAVIGATOR, fields.get("refreshToken", ""), fields.get("passcode", ""))
    if path == CLOUD_SERVICES:
        form = _form(request.body.decode("latin-1"))
        return Asked(Kind.CLOUD_SERVICES, form.get("api_token", ""), form.get("passcode", ""))
    if app is not None:
        fields = json_fields(request)
        pair = (fields.get("clientId", ""), fields.get("clientSecret", ""))
        return Asked(Kind.OAUTH_APP_V1, ":".join(pair), organization_id=app[1])
    if path == APP_V2:
        form = _form(request.body.decode("latin-1"))
        pair_v2 = _basic(request) if form.get("grant_type") == "client_credentials" else ""
        return Asked(Kind.OAUTH_APP_V2, pair_v2, organization_id=_form(query).get("orgId", ""))
    return None


def json_fields(request: RecordedRequest) -> dict[str, str]:
    """The texts of a JSON object; none for anything else."""
    try:
        found = json.loads(request.body)
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str)}


def _form(text: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(text).items()}


def _basic(request: RecordedRequest) -> str:
    method, _space, code = request.headers.get("authorization", "").partition(" ")
    if method.lower() != "basic":
        return ""
    try:
        return base64.b64decode(code, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
