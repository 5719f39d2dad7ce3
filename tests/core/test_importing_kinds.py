"""Kinds and apps out of other programs' files: taken as they are named, never guessed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from clock import MovableClock
from partner_tokens.core.columns import Usual
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.importing import read_text
from partner_tokens.core.intake import Mark, Row
from partner_tokens.core.profile import profile_under
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ENDPOINT_PRESETS, Kind
from partner_tokens.parts import Parts
from partner_tokens.sandbox.memory_keyring import MemoryBackend

TOKEN = "Q7x" + "aB3dE5fG" * 7 + "tail9"
SECRET = "Zk9" + "cD4eF6gH" * 5 + "tail7"
ID = "5b1c2f0e-aaaa-4bbb-8ccc-0123456789ab"


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    backend = MemoryBackend()
    parts = Parts(profile_under(tmp_path), clock=MovableClock(), open_backend=lambda: backend)
    parts.vault.begin_with_keyring()
    yield parts
    parts.close()


def judged(
    parts: Parts,
    text: str,
    endpoint: str = ENDPOINT_PRESETS[0],
    kind: Kind | None = None,
    app_kind: Kind | None = None,
) -> tuple[Row, ...]:
    return parts.intake.judge(read_text(text).found, Usual(endpoint, kind, app_kind))


def problem(row: Row) -> Problem | None:
    return row.problem.problem if isinstance(row.problem, InputError) else None


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        *((kind.value, kind) for kind in Kind),
        ("Cloud Services", Kind.CLOUD_SERVICES),
        ("OAuth app v2", Kind.OAUTH_APP_V2),
        ("", Kind.NAVIGATOR),
    ],
)
def test_a_column_of_kinds_is_heeded(parts: Parts, words: str, kind: Kind) -> None:
    secret = f"build-app:{SECRET}" if kind.is_app else TOKEN
    [row] = judged(parts, f"organization,org id,kind,token\nContoso,{ID},{words},{secret}\n")
    assert (row.mark, row.kind) == (Mark.NEW, kind)
    [token] = parts.intake.store([row])
    assert token.kind is kind
    sealed = parts.store.sealed(token.id)
    opened = parts.vault.open(sealed, token_id=token.id, endpoint=token.endpoint, kind=kind)
    assert opened == Secret(secret)


def test_a_kind_nobody_knows_is_not_stored_as_another(parts: Parts) -> None:
    [row] = judged(parts, f"organization,kind,token\nContoso,bearer,{TOKEN}\n")
    assert (row.mark, problem(row)) == (Mark.MALFORMED, Problem.KIND_UNKNOWN)


def test_columns_of_ids_and_secrets_make_apps_beside_tokens(parts: Parts) -> None:
    rows = judged(
        parts,
        "customer,kind,token,client_id,client_secret,org_id\n"
        f"Contoso,oauth-app-v1,,build-app,{SECRET},{ID}\n"
        f"Fabrikam,,{TOKEN},,,\n",
    )
    assert [row.kind for row in rows] == [Kind.OAUTH_APP_V1, Kind.NAVIGATOR]
    app, token = parts.intake.store(rows)
    assert (app.user, app.organization.service_id) == ("build-app", ID)
    assert (token.user, token.organization.service_id) == ("", "")


@pytest.mark.parametrize(
    ("kind", "client_id", "secret", "org_id", "expected"),
    [
        ("", "build-app", SECRET, ID, Problem.APP_VERSION_MISSING),
        ("api-token", "build-app", SECRET, ID, Problem.APP_VERSION_MISSING),
        ("oauth-app-v1", "build-app", "", ID, Problem.CLIENT_SECRET_MISSING),
        ("oauth-app-v1", "build:app", SECRET, ID, Problem.CLIENT_ID_INVALID),
        ("oauth-app-v1", "build-app", SECRET, "", Problem.ORGANIZATION_ID_MISSING),
        ("oauth-app-v1", "build-app", SECRET, "a/b", Problem.ORGANIZATION_ID_INVALID),
    ],
)
def test_an_app_that_is_not_whole_says_what_is_missing(
    parts: Parts, kind: str, client_id: str, secret: str, org_id: str, expected: Problem
) -> None:
    text = f"customer,kind,client_id,client_secret,org_id\nX,{kind},{client_id},{secret},{org_id}\n"
    [row] = judged(parts, text)
    assert (row.mark, problem(row)) == (Mark.MALFORMED, expected)


def test_a_client_secret_without_its_id_is_no_api_token(parts: Parts) -> None:
    [row] = judged(parts, f"customer,client_secret\nContoso,{SECRET}\n")
    assert row.mark is Mark.MALFORMED


def test_a_preset_of_cloud_services_alone_says_the_kind(parts: Parts) -> None:
    hosts = ("https://console.cloud.broadcom.com", "https://console.cloud.vmware.com", "")
    text = "".join(f"Customer {n},{host},{TOKEN}{n}\n" for n, host in enumerate(hosts))
    rows = judged(parts, f"customer,endpoint,token\n{text}")
    assert [row.kind for row in rows] == [Kind.CLOUD_SERVICES, Kind.NAVIGATOR, Kind.NAVIGATOR]


def test_a_kind_without_endpoint_goes_to_no_preset_of_another(parts: Parts) -> None:
    text = f"customer,kind,token\nContoso,cloud-services-token,{TOKEN}\n"
    [row] = judged(parts, text)
    assert row.endpoint == "https://console.cloud.vmware.com"
    [row] = judged(parts, text, "https://console.of-our-own.example")
    assert row.endpoint == "https://console.of-our-own.example"


def test_an_app_in_json_needs_its_kind_too(parts: Parts) -> None:
    pair = f'"clientId": "build-app", "clientSecret": "{SECRET}", "orgId": "{ID}"'
    [row] = judged(parts, f'{{"organization": "Contoso", {pair}}}')
    assert problem(row) is Problem.APP_VERSION_MISSING
    [row] = judged(parts, f'{{"organization": "Contoso", "kind": "oauth-app-v2", {pair}}}')
    assert (row.mark, row.kind) == (Mark.NEW, Kind.OAUTH_APP_V2)


def test_a_refresh_token_beside_a_pair_is_what_is_taken(parts: Parts) -> None:
    [row] = judged(
        parts,
        f"[vmcConfig]\nrefresh_Token = {TOKEN}\noauth_clientId = x\noauth_clientSecret = y\n"
        f"org_id = {ID}\n",
    )
    assert (row.mark, row.kind, row.secret) == (Mark.NEW, Kind.NAVIGATOR, Secret(TOKEN))


# ---- what the user chose for the rows that do not say it ---------------------------------------


def test_a_chosen_kind_holds_for_rows_that_tell_none_and_picks_a_fitting_preset(
    parts: Parts,
) -> None:
    text = f"[vmcConfig]\nrefresh_token = {TOKEN}\norg_id = {ID}\n"
    [row] = judged(parts, text, kind=Kind.CLOUD_SERVICES)
    assert (row.kind, row.endpoint) == (Kind.CLOUD_SERVICES, "https://console.cloud.vmware.com")
    [row] = judged(parts, text, "https://console.of-our-own.example", Kind.CLOUD_SERVICES)
    assert (row.kind, row.endpoint) == (Kind.CLOUD_SERVICES, "https://console.of-our-own.example")


def test_a_chosen_kind_settles_a_host_that_speaks_both_and_leaves_other_presets_alone(
    parts: Parts,
) -> None:
    hosts = ("https://console.cloud.vmware.com", "https://console.navigator.vmware.com")
    text = "".join(f"Customer {n},{host},{TOKEN}{n}\n" for n, host in enumerate(hosts))
    rows = judged(parts, f"customer,endpoint,token\n{text}", kind=Kind.CLOUD_SERVICES)
    assert [row.kind for row in rows] == [Kind.CLOUD_SERVICES, Kind.NAVIGATOR]


def test_a_chosen_endpoint_that_is_a_preset_tells_the_kind_and_is_kept(parts: Parts) -> None:
    host = "https://console.tanzu.broadcom.com"
    [row] = judged(parts, f"customer,token\nContoso,{TOKEN}\n", host)
    assert (row.kind, row.endpoint) == (Kind.CLOUD_SERVICES, host)


@pytest.mark.parametrize("kind", [Kind.OAUTH_APP_V1, Kind.OAUTH_APP_V2])
def test_a_chosen_version_holds_for_apps_that_tell_none_and_for_no_token(
    parts: Parts, kind: Kind
) -> None:
    text = (
        "customer,kind,token,client_id,client_secret,org_id\n"
        f"Contoso,,,build-app,{SECRET},{ID}\n"
        f"Fabrikam,,{TOKEN},,,\n"
        f"Litware,oauth-app-v1,,other-app,{SECRET},{ID}\n"
    )
    rows = judged(parts, text, app_kind=kind)
    assert [row.kind for row in rows] == [kind, Kind.NAVIGATOR, Kind.OAUTH_APP_V1]


def test_an_endpoint_still_being_typed_spoils_no_row_that_names_its_own(parts: Parts) -> None:
    text = f"customer,endpoint,token\nContoso,https://own.example,{TOKEN}\n"
    [row] = judged(parts, text, "https://")
    assert (row.mark, row.endpoint) == (Mark.NEW, "https://own.example")
