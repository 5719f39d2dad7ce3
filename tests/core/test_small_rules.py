"""Small rules of the core that stand in the way of nothing, each asked from both sides."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from partner_tokens.core.cloud_services import CloudServices
from partner_tokens.core.credentials import app_parts, app_secret, struck_out
from partner_tokens.core.documents import MOST_BYTES, MOST_FILES, decoded, files_among
from partner_tokens.core.errors.files import Unimportable, Unusable
from partner_tokens.core.errors.service import TenantsHidden
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.formats import Format
from partner_tokens.core.inventory import expiry_from
from partner_tokens.core.kind_words import expiry_source, expiry_teller, kind_words
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.relay import hand_out_in
from partner_tokens.core.secret import Secret
from partner_tokens.core.tenants import Tenants
from partner_tokens.core.tokens import AccessToken, ApiToken, Kind, Organization, clean_name
from partner_tokens.core.wording import days_left_words, expiry_exact, expiry_labelled

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def token(expiry: Expiry, *, told: bool) -> ApiToken:
    return ApiToken(
        "id", Organization("Contoso"), "build", "https://console.example", NOW,
        expiry=expiry, expiry_told=told,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("expiry", "told", "who", "word"),
    [
        (Expiry(NOW), True, "service", "service"),
        (Expiry(NOW), False, "user", "you"),
        (Expiry.unknown(), False, "", ""),
    ],
)
def test_who_says_when_a_token_ends_is_told_by_its_name(
    expiry: Expiry, told: bool, who: str, word: str
) -> None:
    assert expiry_from(token(expiry, told=told)) == who
    assert expiry_teller(token(expiry, told=told)) == word


def test_each_kind_and_each_source_has_words_of_its_own() -> None:
    assert len({kind_words(kind) for kind in Kind}) == len(Kind)
    assert expiry_source(told=True) != expiry_source(told=False)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (":secret", Problem.CLIENT_ID_MISSING),
        ("id:", Problem.CLIENT_SECRET_MISSING),
        ("id", Problem.CLIENT_SECRET_MISSING),
    ],
)
def test_an_app_has_two_parts(text: str, problem: Problem) -> None:
    with pytest.raises(InputError) as told:
        app_parts(Secret(text))
    assert told.value.problem is problem


def test_an_apps_secret_is_not_its_id() -> None:
    with pytest.raises(InputError) as told:
        app_secret("the-same-word-1", "the-same-word-1")
    assert told.value.problem is Problem.CLIENT_ID_IS_SECRET
    made = app_secret("client-id-1", "client-secret-1")
    texts = {each.reveal() for each in struck_out(Kind.OAUTH_APP_V2, made)}
    assert {"client-id-1", "client-secret-1"} <= texts
    assert struck_out(Kind.NAVIGATOR, made) == (made,)


def test_a_text_that_is_too_large_is_not_decoded() -> None:
    assert decoded(b"a" * MOST_BYTES, "x")
    with pytest.raises(Unimportable) as told:
        decoded(b"a" * (MOST_BYTES + 1), "x")
    assert told.value.reason is Unusable.TOO_LARGE


def test_a_folder_that_cannot_be_read_and_one_too_full_are_named(tmp_path: Path) -> None:
    one = tmp_path / "a.txt"
    one.write_text("x")
    assert len(files_among([one] * MOST_FILES)) == MOST_FILES
    with pytest.raises(Unimportable) as told:
        files_among([one] * (MOST_FILES + 1))
    assert told.value.reason is Unusable.TOO_MANY_FILES
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "iterdir", _refused)
        with pytest.raises(Unimportable) as told:
            files_among([tmp_path])
    assert told.value.reason is Unusable.UNREADABLE


def _refused(_path: Path) -> object:
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"do": "show", "words": ["a"], "form": "header"},
        {"do": "hand out", "words": "a", "form": "header"},
        {"do": "hand out", "words": [], "form": "header"},
        {"do": "hand out", "words": ["a", 1], "form": "header"},
        {"do": "hand out", "words": ["a"], "form": "odd"},
        {"do": "hand out", "words": ["a"], "form": None},
    ],
)
def test_only_a_whole_message_asks_for_what_is_at_hand(message: dict[str, object]) -> None:
    assert hand_out_in(message) is None


def test_a_whole_message_asks_for_what_is_at_hand() -> None:
    message = {"do": "hand out", "words": ["contoso", "b"], "form": "curl"}
    assert hand_out_in(message) == (("contoso", "b"), Format.CURL)


@pytest.mark.parametrize(
    ("name", "problem"),
    [("\x07", Problem.TEXT_UNPRINTABLE), ("\u200b", Problem.NAME_MISSING)],
)
def test_a_name_of_which_nothing_is_seen_is_none(name: str, problem: Problem) -> None:
    with pytest.raises(InputError) as told:
        clean_name(name)
    assert told.value.problem is problem


def test_an_organization_is_not_asked_for_by_an_odd_id() -> None:
    access = AccessToken(
        Secret("x"), NOW, NOW, NOW - NOW, "https://console.example", organization_id="../evil"
    )
    cloud = CloudServices(None)  # type: ignore[arg-type]  # nothing is sent
    assert cloud.organization_name(access.endpoint, access) == ""


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=30), "in 30 days"),
        (timedelta(days=1, seconds=1), "in 2 days"),
        (timedelta(seconds=1), "in 1 day"),
        (timedelta(0), "soon"),
        (timedelta(days=-3), "soon"),
    ],
)
def test_days_that_are_left_are_counted_as_begun(left: timedelta, words: str) -> None:
    assert days_left_words(NOW + left, NOW) == words


def test_the_end_of_a_token_is_told_with_who_says_so() -> None:
    never = expiry_labelled(token(Expiry.endless(), told=False))
    assert never.endswith("(typed by you)")
    unknown = Expiry.unknown()
    assert expiry_labelled(token(unknown, told=False)) == expiry_exact(unknown)


def test_customers_are_not_asked_for_by_an_odd_id() -> None:
    access = AccessToken(Secret("x"), NOW, NOW, NOW - NOW, "https://console.example")
    tenants = Tenants(None)  # type: ignore[arg-type]  # nothing is sent
    with pytest.raises(TenantsHidden):
        tenants.of("../evil", access)
