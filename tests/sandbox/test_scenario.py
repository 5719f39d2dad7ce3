"""The demo shows every state, and the service answers as its rows say."""

import unicodedata
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from clock import MovableClock
from partner_tokens.core.credentials import Credential, app_parts, clean_secret
from partner_tokens.core.errors.service import PasscodeNeeded, Refused, Unreachable
from partner_tokens.core.lifetime import Band
from partner_tokens.core.secret import Secret
from partner_tokens.core.service import Service
from partner_tokens.core.tokens import (
    Kind,
    State,
    clean_endpoint,
    clean_name,
    clean_note,
)
from partner_tokens.core.transport import Transport
from partner_tokens.sandbox.scenario import demo_tokens, register
from partner_tokens.sandbox.service import Sandbox

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
TOKENS = demo_tokens(NOW, "http://127.0.0.1:1234")


def test_every_band_and_every_state_is_shown() -> None:
    assert {token.expiry.band(NOW) for token in TOKENS} == set(Band)
    shown = {token.state for token in TOKENS}
    assert shown >= {
        State.READY,
        State.REFUSED,
        State.PASSCODE,
        State.UNREACHABLE,
        State.UNPROVEN,
    }
    assert any(token.endpoint_unreachable for token in TOKENS)


def test_about_a_dozen_organizations_one_with_several_tokens() -> None:
    counts = Counter(token.organization for token in TOKENS)
    assert 12 <= len(counts) <= 15
    assert max(counts.values()) == 3
    assert sum(token.pinned for token in TOKENS) == 2
    assert any(len(name) > 80 for name in counts)
    assert any(unicodedata.bidirectional(name[0]) in {"R", "AL"} for name in counts)


def test_every_row_is_what_a_user_may_type() -> None:
    for token in TOKENS:
        assert clean_name(token.organization) == token.organization
        assert clean_name(token.name) == token.name
        assert clean_note(token.note) == token.note
        assert clean_endpoint(token.endpoint) == token.endpoint
        secret = Secret(token.api_token)
        assert clean_secret(token.kind, token.api_token) == secret
        if token.kind.is_app:
            secret = app_parts(secret)[1]
        assert len(secret.reveal()) == 64
        assert token.api_token not in repr(token)
    assert len({token.api_token for token in TOKENS}) == len(TOKENS)


def test_times_are_counted_from_now() -> None:
    later = demo_tokens(NOW + timedelta(days=400), "http://127.0.0.1:1234")
    for now, then in zip(TOKENS, later, strict=True):
        assert now.added_at < NOW
        for one, other in (
            (now.expiry.at, then.expiry.at),
            (now.last_used_at, then.last_used_at),
            (now.last_tried_at, then.last_tried_at),
        ):
            assert (one is None) == (other is None)
            if one is not None and other is not None:
                assert other - one == timedelta(days=400)
        assert now.last_used_at is None or now.last_used_at < NOW


def test_the_service_answers_as_the_rows_say() -> None:
    clock = MovableClock(NOW)
    transport = Transport(clock=clock, proxies=lambda url: None)
    service = Service(transport, clock)
    with Sandbox(clock) as sandbox:
        tokens = demo_tokens(NOW, sandbox.url)
        register(sandbox, tokens)
        for token in tokens:
            secret = Secret(token.api_token)
            credential = Credential(token.kind, token.endpoint, secret, token.organization_id)
            match token.state:
                case State.REFUSED:
                    with pytest.raises(Refused):
                        service.exchange(credential)
                case State.PASSCODE:
                    assert token.interactive
                    with pytest.raises(PasscodeNeeded):
                        service.exchange(credential)
                    service.exchange(credential, Secret("123456"))
                case State.UNREACHABLE:
                    with pytest.raises(Unreachable) as caught:
                        service.exchange(credential)
                    assert caught.value.stage is token.stage
                case _:
                    access = service.exchange(credential)
                    assert access.organization_id == token.organization_id
                    assert access.user == token.user
                    name = service.organization_name(credential, access)
                    assert name == token.organization
    transport.close()


def test_each_kind_that_a_user_can_choose_between_is_shown() -> None:
    kinds = {token.kind for token in TOKENS}
    assert {Kind.NAVIGATOR, Kind.CLOUD_SERVICES, Kind.OAUTH_APP_V2} == kinds
