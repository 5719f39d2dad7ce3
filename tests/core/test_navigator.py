"""The service's calls against the service in small: good answers, lifetimes, names."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from clock import MovableClock
from partner_tokens.core.credentials import Credential
from partner_tokens.core.errors.service import (
    BrokenReply,
    PasscodeNeeded,
    Refused,
    ServiceError,
    Throttled,
    Unreachable,
)
from partner_tokens.core.exchanging import ASSUMED_LIFE
from partner_tokens.core.navigator import Navigator
from partner_tokens.core.secret import Secret
from partner_tokens.core.stages import Stage
from partner_tokens.core.tokens import Kind
from partner_tokens.core.transport import Transport
from partner_tokens.sandbox.behaviours import Behaviour, KnownToken
from partner_tokens.sandbox.service import Sandbox

TEXT = "Q7x" + "aB3dE5fG" * 7 + "tail9"
TOKEN = Secret(TEXT)
ORGANIZATION = "5b1c2f0e-aaaa-4bbb-8ccc-0123456789ab"


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def sandbox(clock: MovableClock) -> Iterator[Sandbox]:
    with Sandbox(clock) as sandbox:
        sandbox.register(KnownToken(TEXT, ORGANIZATION, "Contoso Ltd"))
        yield sandbox


@pytest.fixture
def transport(clock: MovableClock) -> Iterator[Transport]:
    transport = Transport(clock=clock, proxies=lambda url: None)
    yield transport
    transport.close()


@pytest.fixture
def navigator(transport: Transport) -> Navigator:
    return Navigator(transport)


def credential(sandbox: Sandbox) -> Credential:
    return Credential(Kind.NAVIGATOR, sandbox.url, TOKEN)


def failing(navigator: Navigator, sandbox: Sandbox, passcode: Secret | None = None) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        navigator.exchange(credential(sandbox), passcode)
    error = caught.value
    assert error.host == sandbox.url.removeprefix("http://")
    for text in (error.details, error.title, error.hint, repr(error), error.request_id):
        assert TEXT not in text
        assert TEXT[-5:] not in text
        assert TEXT[-4:] not in text
    return error


# ---- exchange ---------------------------------------------------------------------------------


def test_an_exchange_gives_an_access_token_with_its_facts(
    sandbox: Sandbox, navigator: Navigator, clock: MovableClock
) -> None:
    access = navigator.exchange(credential(sandbox))
    assert access.value.reveal().startswith("eyJ")
    assert access.received_at == clock.now
    assert access.expires_at == clock.now + timedelta(minutes=30)
    assert access.life == timedelta(minutes=30)
    assert not access.assumed
    assert access.organization_id == ORGANIZATION
    assert access.user == "ana@partner.example"
    (request,) = sandbox.requests
    assert (request.method, request.path) == ("POST", "/cphub/api/auth/v1/authn/accesstoken")
    assert json.loads(request.body) == {"refreshToken": TEXT}


def test_a_passcode_is_sent_along(sandbox: Sandbox, navigator: Navigator) -> None:
    sandbox.behave(TEXT, Behaviour.PASSCODE)
    navigator.exchange(credential(sandbox), Secret("123456"))
    assert json.loads(sandbox.requests[0].body) == {"refreshToken": TEXT, "passcode": "123456"}


@pytest.mark.parametrize("minutes", [-300, -10, 10, 300])
def test_the_end_is_told_by_this_machines_clock(
    sandbox: Sandbox, navigator: Navigator, clock: MovableClock, minutes: int
) -> None:
    sandbox.switch(clock_skew=timedelta(minutes=minutes))
    access = navigator.exchange(credential(sandbox))
    assert abs(access.left(clock.now) - timedelta(minutes=30)) <= timedelta(seconds=1)
    assert access.clock_offset is not None
    assert abs(access.clock_offset - timedelta(minutes=minutes)) <= timedelta(seconds=1)


def test_without_a_date_the_token_is_taken_as_just_issued(
    sandbox: Sandbox, navigator: Navigator, clock: MovableClock
) -> None:
    sandbox.switch(clock_skew=timedelta(hours=9), tells_date=False)
    access = navigator.exchange(credential(sandbox))
    assert access.left(clock.now) == access.life == timedelta(minutes=30)
    assert access.clock_offset is None


def test_an_opaque_token_is_assumed_to_live_thirty_minutes(
    sandbox: Sandbox, navigator: Navigator, clock: MovableClock
) -> None:
    sandbox.behave(TEXT, Behaviour.OPAQUE)
    access = navigator.exchange(credential(sandbox))
    assert access.assumed
    assert access.left(clock.now) == access.life == ASSUMED_LIFE


# ---- what comes instead -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour.REFUSED_CSP,
        Behaviour.REFUSED_CSP_404,
        Behaviour.REFUSED_CPN,
        Behaviour.FORBIDDEN,
        Behaviour.PASSCODE_UNSAID,
    ],
    ids=str,
)
def test_a_refusal_is_one(sandbox: Sandbox, navigator: Navigator, behaviour: Behaviour) -> None:
    sandbox.behave(TEXT, behaviour)
    error = failing(navigator, sandbox)
    assert isinstance(error, Refused)
    assert error.details.startswith("HTTP 40")
    if behaviour is Behaviour.REFUSED_CSP:
        assert "invalid_grant" in error.details
        assert len(error.request_id) == 36


def test_a_passcode_that_is_wanted_is_recognised(sandbox: Sandbox, navigator: Navigator) -> None:
    sandbox.behave(TEXT, Behaviour.PASSCODE)
    error = failing(navigator, sandbox)
    assert isinstance(error, PasscodeNeeded)
    assert not error.wrong
    assert error.request_id


@pytest.mark.parametrize("behaviour", [Behaviour.PASSCODE, Behaviour.PASSCODE_UNSAID], ids=str)
def test_a_wrong_passcode_is_told_from_a_missing_one(
    sandbox: Sandbox, navigator: Navigator, behaviour: Behaviour
) -> None:
    sandbox.behave(TEXT, behaviour)
    error = failing(navigator, sandbox, Secret("000000"))
    assert isinstance(error, PasscodeNeeded)
    assert error.wrong


def test_a_role_that_is_missing_is_no_wrong_passcode(
    sandbox: Sandbox, navigator: Navigator
) -> None:
    sandbox.behave(TEXT, Behaviour.FORBIDDEN)
    assert isinstance(failing(navigator, sandbox, Secret("123456")), Refused)


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [("7", 7), ("", None), ("soon", None), ("Mon, 01 Jun 2026 12:01:00 GMT", 60), ("-1", None)],
)
def test_too_many_requests_tell_when_to_come_back(
    sandbox: Sandbox,
    navigator: Navigator,
    clock: MovableClock,
    retry_after: str,
    seconds: int | None,
) -> None:
    sandbox.behave(TEXT, Behaviour.THROTTLED)
    sandbox.switch(retry_after=retry_after)
    error = failing(navigator, sandbox)
    assert isinstance(error, Throttled)
    expected = None if seconds is None else clock.now + timedelta(seconds=seconds)
    assert error.again_at == expected


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [
        (Behaviour.BAD_GATEWAY, "502"),
        (Behaviour.UNAVAILABLE, "503"),
        (Behaviour.SLOW_REQUEST, "408"),
    ],
    ids=str,
)
def test_trouble_of_the_service_names_its_status(
    sandbox: Sandbox, navigator: Navigator, behaviour: Behaviour, status: str
) -> None:
    sandbox.behave(TEXT, behaviour)
    error = failing(navigator, sandbox)
    assert isinstance(error, Unreachable)
    assert (error.stage, error.cause) == (Stage.HTTP, status)
    assert status in error.title


@pytest.mark.parametrize(
    ("behaviour", "web_page"),
    [
        (Behaviour.SIGN_IN_PAGE, True),
        (Behaviour.NOT_FOUND_PAGE, False),
        (Behaviour.GARBAGE, False),
        (Behaviour.EMPTY_TOKEN, False),
        (Behaviour.INJECTION, False),
    ],
    ids=str,
)
def test_an_answer_that_makes_no_sense_is_broken(
    sandbox: Sandbox, navigator: Navigator, behaviour: Behaviour, web_page: bool
) -> None:
    sandbox.behave(TEXT, behaviour)
    error = failing(navigator, sandbox)
    assert isinstance(error, BrokenReply)
    assert error.web_page is web_page


@pytest.mark.parametrize(
    ("location", "moved_to"),
    [
        ("https://elsewhere.example/x?token=abc", "elsewhere.example"),
        ("https://ana:word@elsewhere.example:8443/", "elsewhere.example:8443"),
        ("/login?next=abc", "/login"),
        ("", ""),
        ("https://[broken", "?"),
        (f"https://{TEXT}.example/", "….example"),
    ],
)
def test_a_redirect_names_where_it_leads(
    sandbox: Sandbox, navigator: Navigator, location: str, moved_to: str
) -> None:
    sandbox.behave(TEXT, Behaviour.REDIRECT)
    sandbox.switch(redirect_to=location)
    with pytest.raises(BrokenReply) as caught:
        navigator.exchange(credential(sandbox))
    assert caught.value.moved_to == moved_to


def test_no_answer_keeps_the_stage_of_the_transport(
    sandbox: Sandbox, navigator: Navigator, transport: Transport
) -> None:
    transport.deadline = timedelta(seconds=0.5)
    sandbox.behave(TEXT, Behaviour.HANG)
    assert failing(navigator, sandbox).stage is Stage.TIMEOUT


# ---- names ------------------------------------------------------------------------------------


def test_the_organization_and_the_user_are_told(sandbox: Sandbox, navigator: Navigator) -> None:
    access = navigator.exchange(credential(sandbox))
    assert navigator.organization_name(sandbox.url, access) == "Contoso Ltd"
    assert navigator.user_name(sandbox.url, access) == "ana@partner.example"
    assert sandbox.requests[1].headers["csp-auth-token"] == access.value.reveal()


def test_a_role_too_small_leaves_the_organization_unnamed(
    sandbox: Sandbox, navigator: Navigator
) -> None:
    sandbox.register(KnownToken(TEXT, ORGANIZATION, "Contoso Ltd", tells_organization=False))
    access = navigator.exchange(credential(sandbox))
    assert navigator.organization_name(sandbox.url, access) == ""
    paths = [request.path for request in sandbox.requests[1:]]
    assert paths == [
        f"/cphub/api/core/v1/mgmt/orgs/{ORGANIZATION}",
        f"/csp/gateway/am/api/orgs/{ORGANIZATION}",
    ]


@pytest.mark.parametrize(
    "behaviour",
    [Behaviour.HANG_UP, Behaviour.BAD_GATEWAY, Behaviour.SIGN_IN_PAGE, Behaviour.REDIRECT],
    ids=str,
)
def test_no_failure_to_tell_a_name_is_raised(
    sandbox: Sandbox, navigator: Navigator, behaviour: Behaviour
) -> None:
    access = navigator.exchange(credential(sandbox))
    sandbox.switch(everywhere=behaviour)
    assert navigator.organization_name(sandbox.url, access) == ""
    assert navigator.user_name(sandbox.url, access) == ""


def test_an_organization_id_that_is_no_id_is_not_put_into_a_url(
    sandbox: Sandbox, navigator: Navigator
) -> None:
    sandbox.register(KnownToken(TEXT, "../../secrets?x=", "Contoso"))
    access = navigator.exchange(credential(sandbox))
    assert navigator.organization_name(sandbox.url, access) == ""
    assert len(sandbox.requests) == 1
