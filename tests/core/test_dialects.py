"""Each kind of credential in its own dialect: one address, its own words, replies read safely."""

import base64
import gzip
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from clock import MovableClock
from partner_tokens.core.credentials import Credential, struck_out
from partner_tokens.core.errors.service import (
    BrokenReply,
    DatesUnknown,
    PasscodeNeeded,
    Refused,
    ServiceError,
    Throttled,
    Unreachable,
)
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.exchanging import ASSUMED_LIFE, LONGEST_LIFE
from partner_tokens.core.redaction import gives_away
from partner_tokens.core.replies import LONGEST_DETAILS
from partner_tokens.core.secret import Secret
from partner_tokens.core.service import Service
from partner_tokens.core.tokens import Kind
from partner_tokens.core.transport import Reply, Transport
from partner_tokens.sandbox.behaviours import Behaviour, KnownToken, RecordedRequest
from partner_tokens.sandbox.service import Sandbox

ORGANIZATION = "5b1c2f0e-aaaa-4bbb-8ccc-0123456789ab"
CLIENT_ID = "inventory-app-4f2a"
CLIENT_SECRET = "Zk9" + "cD4eF6gH" * 5 + "tail7"
API_TOKEN = "Q7x" + "aB3dE5fG" * 7 + "tail9"
APPS = (Kind.OAUTH_APP_V1, Kind.OAUTH_APP_V2)
CSP_REFUSAL = {
    "metadata": None,
    "traceId": "0123456789abcdef",
    "statusCode": 400,
    "message": f"invalid_grant: Invalid refresh token: xxxx...{API_TOKEN[-5:]}",
    "requestId": "7f1c2d3e-0a1b-4c2d-8e9f-001122334455",
    "moduleCode": "540",
    "cspErrorCode": "540.120-340.800",
}


def text_of(kind: Kind) -> str:
    return f"{CLIENT_ID}:{CLIENT_SECRET}" if kind.is_app else API_TOKEN


def credential(kind: Kind, endpoint: str) -> Credential:
    return Credential(kind, endpoint, Secret(text_of(kind)), ORGANIZATION if kind.is_app else "")


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def sandbox(clock: MovableClock) -> Iterator[Sandbox]:
    with Sandbox(clock) as sandbox:
        yield sandbox


@pytest.fixture
def service(clock: MovableClock) -> Iterator[Service]:
    transport = Transport(clock=clock, deadline=timedelta(seconds=2), proxies=lambda url: None)
    yield Service(transport, clock)
    transport.close()


def know(sandbox: Sandbox, kind: Kind, behaviour: Behaviour = Behaviour.FINE) -> None:
    user = CLIENT_ID if kind.is_app else "ana@partner.example"
    sandbox.register(KnownToken(text_of(kind), ORGANIZATION, "Contoso", user, behaviour, kind=kind))


# ---- over the wire ----------------------------------------------------------------------------

ADDRESSES = {
    Kind.NAVIGATOR: "/cphub/api/auth/v1/authn/accesstoken",
    Kind.CLOUD_SERVICES: "/csp/gateway/am/api/auth/api-tokens/authorize",
    Kind.OAUTH_APP_V1: f"/cphub/api/auth/v1/authn/accounts/{ORGANIZATION}/accesstoken",
    Kind.OAUTH_APP_V2: f"/cphub/api/auth/v2/authn/authorize?orgId={ORGANIZATION}",
}


def carries(request: RecordedRequest, secret: Secret) -> bool:
    """Whether the secret is in the request, in any usual disguise."""
    whole = " ".join((request.path, *request.headers.values(), request.body.decode("latin-1")))
    return gives_away(whole, secret)


@pytest.mark.parametrize("kind", Kind)
def test_each_secret_goes_to_exactly_one_address(
    sandbox: Sandbox, service: Service, kind: Kind
) -> None:
    know(sandbox, kind)
    access = service.exchange(credential(kind, sandbox.url))
    name = service.organization_name(credential(kind, sandbox.url), access)
    service.user_name(credential(kind, sandbox.url), access)
    assert (access.organization_id, name) == (ORGANIZATION, "Contoso")
    assert access.user == (CLIENT_ID if kind.is_app else "ana@partner.example")
    secret = Secret(CLIENT_SECRET if kind.is_app else API_TOKEN)
    carriers = [request for request in sandbox.requests if carries(request, secret)]
    assert [(r.method, r.path) for r in carriers] == [("POST", ADDRESSES[kind])]
    assert not any(gives_away(request.path, secret) for request in sandbox.requests)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    "behaviour", [Behaviour.REFUSED_CSP, Behaviour.NOT_FOUND_PAGE, Behaviour.UNAVAILABLE], ids=str
)
def test_a_refused_or_unknown_address_leads_to_no_other(
    sandbox: Sandbox, service: Service, kind: Kind, behaviour: Behaviour
) -> None:
    know(sandbox, kind, behaviour)
    with pytest.raises(ServiceError):
        service.exchange(credential(kind, sandbox.url))
    assert [request.path for request in sandbox.requests] == [ADDRESSES[kind]]


def test_cloud_services_are_asked_with_a_form(sandbox: Sandbox, service: Service) -> None:
    know(sandbox, Kind.CLOUD_SERVICES, Behaviour.PASSCODE)
    service.exchange(credential(Kind.CLOUD_SERVICES, sandbox.url), Secret("123456"))
    (request,) = sandbox.requests
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    form = parse_qs(request.body.decode())
    assert form == {"api_token": [API_TOKEN], "passcode": ["123456"]}


def test_a_passcode_that_is_missing_or_wrong_is_told_in_cloud_services_too(
    sandbox: Sandbox, service: Service
) -> None:
    know(sandbox, Kind.CLOUD_SERVICES, Behaviour.PASSCODE)
    for passcode, wrong in ((None, False), (Secret("000000"), True)):
        with pytest.raises(PasscodeNeeded) as caught:
            service.exchange(credential(Kind.CLOUD_SERVICES, sandbox.url), passcode)
        assert caught.value.wrong is wrong


def test_the_first_version_of_apps_is_asked_with_json(sandbox: Sandbox, service: Service) -> None:
    know(sandbox, Kind.OAUTH_APP_V1)
    service.exchange(credential(Kind.OAUTH_APP_V1, sandbox.url), Secret("123456"))
    (request,) = sandbox.requests
    assert json.loads(request.body) == {"clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET}
    assert "authorization" not in request.headers


def test_the_second_version_of_apps_is_asked_with_basic(sandbox: Sandbox, service: Service) -> None:
    know(sandbox, Kind.OAUTH_APP_V2)
    service.exchange(credential(Kind.OAUTH_APP_V2, sandbox.url))
    (request,) = sandbox.requests
    pair = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    assert request.headers["authorization"] == f"Basic {pair}"
    assert parse_qs(request.body.decode()) == {"grant_type": ["client_credentials"]}


@pytest.mark.parametrize("kind", APPS)
@pytest.mark.parametrize("id", ["", "../../orgs", "a b", "a?x=1", "a/b", "ü", "a" * 65])
def test_an_app_without_a_usable_organization_id_sends_nothing(
    sandbox: Sandbox, service: Service, kind: Kind, id: str
) -> None:
    with pytest.raises(InputError) as caught:
        service.exchange(Credential(kind, sandbox.url, Secret(text_of(kind)), id))
    assert caught.value.problem is Problem.ORGANIZATION_ID_MISSING
    assert sandbox.requests == ()


# ---- replies ----------------------------------------------------------------------------------


class Answering(Transport):
    """Gives the same answer to everything, without a network."""

    def __init__(self, clock: MovableClock, status: int, body: bytes, **headers: str) -> None:
        super().__init__(clock=clock)
        self.reply = Reply(
            status=status,
            headers=CaseInsensitiveDict({k.replace("_", "-"): v for k, v in headers.items()}),
            body=body,
            url="https://console.example",
            round_trip=timedelta(0),
            clock_offset=timedelta(0),
            received_at=clock.now,
        )

    def send(self, method: str, url: str, **rest: Any) -> Reply:
        return self.reply


CLOCK = MovableClock()
NOW = CLOCK.now
EPOCH = int(NOW.timestamp())
FIELDS = dict.fromkeys(Kind, "accessToken") | {Kind.CLOUD_SERVICES: "access_token"}


def answered(status: int, body: object, **headers: str) -> Service:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Service(Answering(CLOCK, status, raw, **headers), CLOCK)


def jwt(**claims: object) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"e30.{payload}.c2ln"


def failing(kind: Kind, status: int, body: object, **headers: str) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        answered(status, body, **headers).exchange(credential(kind, "https://console.example"))
    return caught.value


@pytest.mark.parametrize("kind", Kind)
def test_any_success_with_a_token_is_one(kind: Kind) -> None:
    for status in (200, 201, 299):
        body = {FIELDS[kind]: "abc"}
        access = answered(status, body).exchange(credential(kind, "https://console.example"))
        assert access.value.reveal() == "abc"
        assert (access.life, access.assumed) == (ASSUMED_LIFE, True)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, CSP_REFUSAL, Refused),
        (404, CSP_REFUSAL, Refused),
        (401, {"message": "invalid_client"}, Refused),
        (403, b"", Refused),
        (404, b"<html>not here", BrokenReply),
        (200, b"<!doctype html><title>Sign in</title>", BrokenReply),
        (200, b"", BrokenReply),
        (200, [], BrokenReply),
        (200, {}, BrokenReply),
        (200, gzip.compress(b'{"access_token": "abc", "accessToken": "abc"}'), BrokenReply),
        (429, {"message": "slow down"}, Throttled),
        (502, b"<html>", Unreachable),
        (302, b"", BrokenReply),
    ],
)
def test_each_status_means_the_same_in_every_dialect(
    kind: Kind, status: int, body: object, expected: type[ServiceError]
) -> None:
    error = failing(kind, status, body)
    assert type(error) is expected
    assert API_TOKEN[-5:] not in f"{error.details}{error.request_id}" or kind.is_app


@pytest.mark.parametrize("kind", APPS)
def test_no_part_of_an_apps_pair_is_shown(kind: Kind) -> None:
    pair = f"{CLIENT_ID}:{CLIENT_SECRET}"
    coded = base64.b64encode(pair.encode()).decode()
    said = f"bad {CLIENT_SECRET} of {CLIENT_ID} as {coded} ends {CLIENT_SECRET[-5:]}"
    error = failing(kind, 401, {"message": said, "requestId": CLIENT_SECRET[:20]})
    assert isinstance(error, Refused)
    shown = f"{error.details} {error.request_id} {error}"
    for part in (CLIENT_SECRET, CLIENT_SECRET[-5:], CLIENT_ID, coded):
        assert part not in shown
    assert not gives_away(shown, *struck_out(kind, Secret(pair)))


@pytest.mark.parametrize("kind", APPS)
@pytest.mark.parametrize(
    ("pair", "piece"),
    [
        (f"{CLIENT_ID}:{CLIENT_SECRET}", CLIENT_SECRET[:5]),
        (f"{CLIENT_ID}:{CLIENT_SECRET}", CLIENT_ID[-5:]),
        ("app1:pw12345", base64.b64encode(b"app1:pw12345").decode()),
    ],
)
def test_no_end_of_a_part_is_shown_and_no_short_pair_in_disguise(
    kind: Kind, pair: str, piece: str
) -> None:
    service = answered(401, {"message": f"so much: {piece} and no more"})
    with pytest.raises(Refused) as caught:
        service.exchange(Credential(kind, "https://console.example", Secret(pair), ORGANIZATION))
    assert caught.value.details == "HTTP 401 so much: … and no more"


@pytest.mark.parametrize("kind", APPS)
def test_an_app_is_refused_and_never_asked_for_a_passcode(kind: Kind) -> None:
    error = failing(kind, 401, {"message": "An MFA passcode is required", "moduleCode": 1})
    assert type(error) is Refused
    assert error.title == "The service refused this app."


@pytest.mark.parametrize(
    ("claims", "told", "life", "assumed"),
    [
        ({"iat": EPOCH, "exp": EPOCH + 600}, 1799, 600, False),
        ({}, 1799, 1799, False),
        ({"exp": EPOCH - 5}, 1200, 1200, False),
        ({}, 0, 1800, True),
        ({}, -5, 1800, True),
        ({}, True, 1800, True),
        ({}, "1799", 1800, True),
        ({}, 1799.5, 1800, True),
        ({}, 10**30, 1800, True),
        ({}, None, 1800, True),
        ({}, [1799], 1800, True),
    ],
)
def test_the_life_comes_from_the_token_else_from_the_answer(
    claims: dict[str, object], told: object, life: int, assumed: bool
) -> None:
    body = {"access_token": jwt(**claims), "expires_in": told}
    access = answered(200, body).exchange(
        credential(Kind.CLOUD_SERVICES, "https://console.example")
    )
    assert access.life == timedelta(seconds=life)
    assert access.expires_at == NOW + timedelta(seconds=life)
    assert access.assumed is assumed


def test_a_life_is_not_taken_where_the_dialect_documents_none() -> None:
    body = {"accessToken": "abc", "expires_in": 60}
    access = answered(201, body).exchange(credential(Kind.NAVIGATOR, "https://console.example"))
    assert access.life == ASSUMED_LIFE


NAMES = (
    *("accessToken", "access_token", "expires_in", "message", "requestId", "cspErrorCode"),
    *("tokenName", "expiresAt", "createdAt", "lastUsedAt", "token", "error"),
)
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text()
    | st.sampled_from((API_TOKEN, CLIENT_SECRET)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
        )
    ),
    max_leaves=10,
).map(lambda body: json.dumps(body).encode())


@given(st.sampled_from(Kind), st.integers(200, 599), ANYTHING | st.binary(max_size=200))
def test_no_reply_makes_an_exchange_fail_otherwise(kind: Kind, status: int, body: bytes) -> None:
    error, life = ServiceError(""), ASSUMED_LIFE
    try:
        life = answered(status, body).exchange(credential(kind, "https://console.example")).life
    except ServiceError as raised:
        error = raised
    assert len(error.details) <= LONGEST_DETAILS
    secret = CLIENT_SECRET if kind.is_app else API_TOKEN
    assert secret not in error.details + error.request_id
    assert timedelta(0) < life <= LONGEST_LIFE


# ---- whose it is ------------------------------------------------------------------------------

ECHOES: tuple[Callable[[str], str], ...] = (
    lambda secret: secret,
    lambda secret: secret[10:30],
    lambda secret: secret[::-1].upper(),
    lambda secret: f"ana@{secret}.example",
    lambda secret: jwt(user=secret),
)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("echo", ECHOES)
def test_a_claim_that_repeats_the_secret_is_left_out(
    kind: Kind, echo: Callable[[str], str]
) -> None:
    repeated = echo(CLIENT_SECRET if kind.is_app else API_TOKEN)
    for claims in ({"username": repeated}, {"context_name": repeated}):
        service = answered(201, {FIELDS[kind]: jwt(**claims)})
        access = service.exchange(credential(kind, "https://console.example"))
        assert (access.organization_id, access.user) == ("", CLIENT_ID if kind.is_app else "")


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("echo", ECHOES)
def test_a_name_that_repeats_the_secret_or_the_access_token_is_left_out(
    kind: Kind, echo: Callable[[str], str]
) -> None:
    ours = credential(kind, "https://console.example")
    body = {FIELDS[kind]: jwt(context_name=ORGANIZATION, more="0123456789" * 9)}
    access = answered(201, body).exchange(ours)
    for secret in (CLIENT_SECRET if kind.is_app else API_TOKEN, access.value.reveal()[-90:]):
        repeated = echo(secret)
        service = answered(200, {"displayName": repeated, "username": repeated})
        assert service.organization_name(ours, access) == ""
        assert service.user_name(ours, access) == ""


def test_an_organization_may_be_called_like_an_app_of_its_own() -> None:
    ours = credential(Kind.OAUTH_APP_V1, "https://console.example")
    body = {"accessToken": jwt(context_name=ORGANIZATION)}
    access = answered(201, body).exchange(ours)
    service = answered(200, {"displayName": "Inventory App"})
    assert service.organization_name(ours, access) == "Inventory App"


# ---- details ----------------------------------------------------------------------------------


def asked(body: object, status: int = 200, kind: Kind = Kind.CLOUD_SERVICES) -> Any:
    return answered(status, body).told(credential(kind, "https://console.example"))


@pytest.mark.parametrize("milliseconds", [False, True])
@pytest.mark.parametrize("kind", [Kind.CLOUD_SERVICES, Kind.NAVIGATOR])
def test_the_details_are_told_in_seconds_or_milliseconds(
    sandbox: Sandbox, service: Service, clock: MovableClock, kind: Kind, milliseconds: bool
) -> None:
    sandbox.switch(counts_milliseconds=milliseconds)
    made, ends, used = (clock.now + timedelta(days=days) for days in (-30, 60, -1))
    sandbox.register(
        KnownToken(
            API_TOKEN,
            ORGANIZATION,
            "Contoso",
            kind=kind,
            name="nightly",
            made_at=made,
            expires_at=ends,
            used_at=used,
        )
    )
    told = service.told(credential(kind, sandbox.url))
    assert told.expires_at == ends
    said = told.particulars
    assert (said.name, said.made_at, said.used_at) == ("nightly", made, used)
    assert said.asked_at == clock.now
    (request,) = sandbox.requests
    assert request.path == "/csp/gateway/am/api/auth/api-tokens/details"
    assert json.loads(request.body) == {"tokenValue": API_TOKEN}


@pytest.mark.parametrize(
    "value", [None, 0, -1, 5, True, "1900000000", [], 2**63 - 1, 10**400, 1e308, float("nan")]
)
def test_an_instant_that_is_none_stays_unknown(value: object) -> None:
    told = asked({"expiresAt": value, "createdAt": value, "lastUsedAt": value})
    assert told.expires_at is None
    assert (told.particulars.made_at, told.particulars.used_at) == (None, None)
    assert asked({}).expires_at is None


@pytest.mark.parametrize(
    "name", [5, None, "a" * 300, "a\nb", API_TOKEN, API_TOKEN[10:30], f"x...{API_TOKEN[-5:]}"]
)
def test_a_name_that_is_odd_or_repeats_the_token_is_left_out(name: object) -> None:
    assert asked({"tokenName": name}).particulars.name == ""


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (404, CSP_REFUSAL, DatesUnknown),
        (404, b"<html>Not found", DatesUnknown),
        (405, b"", DatesUnknown),
        (400, CSP_REFUSAL, Refused),
        (401, CSP_REFUSAL, Refused),
        (409, {"message": "conflict"}, BrokenReply),
        (429, {}, Throttled),
        (500, b"", Unreachable),
        (200, b"<html>sign in", BrokenReply),
        (200, b"[]", BrokenReply),
    ],
)
def test_details_that_are_not_told_say_why(
    status: int, body: object, expected: type[ServiceError]
) -> None:
    with pytest.raises(ServiceError) as caught:
        asked(body, status)
    assert type(caught.value) is expected
    assert API_TOKEN[-5:] not in caught.value.details


@pytest.mark.parametrize("kind", APPS)
def test_an_app_is_never_asked_about(sandbox: Sandbox, service: Service, kind: Kind) -> None:
    with pytest.raises(DatesUnknown):
        service.told(credential(kind, sandbox.url))
    assert sandbox.requests == ()


@given(st.integers(200, 599), ANYTHING | st.binary(max_size=200))
def test_no_reply_about_details_fails_otherwise_or_shows_the_token(
    status: int, body: bytes
) -> None:
    error, told = ServiceError(""), None
    try:
        told = asked(body, status)
    except ServiceError as raised:
        error = raised
    assert API_TOKEN not in error.details + error.request_id
    assert not gives_away(repr(told), Secret(API_TOKEN))
