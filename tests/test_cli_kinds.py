"""Every kind of token from the terminal: added, listed, exchanged, checked."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from partner_tokens.core.instants import iso
from partner_tokens.core.tokens import Kind
from partner_tokens.sandbox.behaviours import KnownToken
from partner_tokens.sandbox.service import Sandbox
from terminal_program import Done, Program

SECRET = "marker-client-secret-5d1f8e20"
TOKEN = "marker-api-token-" + "0123456789abcdef" * 3
ENDS = datetime.now(UTC).replace(microsecond=0) + timedelta(days=60)
APPS = (Kind.OAUTH_APP_V1, Kind.OAUTH_APP_V2)
IDS = ("--client-id", "build-app", "--organization-id", "org-contoso")


@pytest.fixture
def service() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


def know(service: Sandbox, kind: Kind) -> str:
    """The service knows one secret, as this kind; gives what the user pipes in."""
    text, user = (f"build-app:{SECRET}", "build-app") if kind.is_app else (TOKEN, "ana@example")
    service.register(KnownToken(text, "org-contoso", "Contoso", user, kind=kind, expires_at=ENDS))
    return SECRET if kind.is_app else TOKEN


def add(program: Program, service: Sandbox, kind: Kind, *options: str, given: str = "") -> Done:
    ids = IDS if kind.is_app else ()
    where = ("--endpoint", service.url, "--name", "build", "--kind", kind.value)
    return program("add", *where, *ids, *options, given=given)


@pytest.mark.parametrize("kind", Kind)
def test_a_token_of_each_kind_is_added_listed_checked_and_handed_out(
    program: Program, service: Sandbox, kind: Kind
) -> None:
    done = add(program, service, kind, given=know(service, kind))
    assert (done.code, done.err) == (0, "")
    id = done.out.strip()
    [row] = program("list", "--json", passphrase=None).json
    assert (row["id"], row["kind"], row["organization"]) == (id, kind.value, "Contoso")
    told = kind.tells_dates
    assert row["expiry_from"] == ("service" if told else None)
    assert row["expires_at"] == (iso(ENDS) if told else None)
    lines = program("list", passphrase=None).out.splitlines()
    assert (kind.value in lines[1]) is (kind is not Kind.NAVIGATOR)
    assert ("Kind" in lines[0]) is (kind is not Kind.NAVIGATOR)
    assert (" service " in lines[1]) is told
    header = program("header", id)
    assert header.code == 0
    assert header.out.startswith("csp-auth-token: eyJ")
    assert program("check", id).code == 0
    assert len(service.exchanges) == 3
    spoken = "".join(f"{run.out}{run.err}" for run in (done, header))
    assert SECRET not in spoken
    assert TOKEN not in spoken
    assert not any(SECRET in request.path for request in service.requests)


def test_a_check_brings_the_dates_of_a_token_that_was_stored_unproven(
    program: Program, service: Sandbox
) -> None:
    secret = know(service, Kind.CLOUD_SERVICES)
    options = ("--unproven", "--organization", "Contoso", "--expires", "2027-01-31")
    id = add(program, service, Kind.CLOUD_SERVICES, *options, given=secret).out.strip()
    [row] = program("list", "--json", passphrase=None).json
    assert row["expiry_from"] == "user"
    assert program("check", id).code == 0
    [row] = program("list", "--json", passphrase=None).json
    assert (row["expiry_from"], row["expires_at"]) == ("service", iso(ENDS))


def test_an_app_is_not_moved_by_the_name_of_another_organization(
    program: Program, service: Sandbox
) -> None:
    add(program, service, Kind.OAUTH_APP_V2, given=know(service, Kind.OAUTH_APP_V2))
    where = ("--organization", "Fabrikam", "--name", "ops", "--endpoint", service.url)
    program("add", *where, "--unproven", given=TOKEN)
    before = program("list", "--json", passphrase=None).json
    done = program("edit", "build", "--organization", "Fabrikam", passphrase=None)
    assert (done.code, done.out) == (4, "")
    assert "This token belongs to Contoso, not to Fabrikam." in done.err
    assert program("list", "--json", passphrase=None).json == before


@pytest.mark.parametrize("kind", APPS)
@pytest.mark.parametrize(
    "ids",
    [
        (),
        ("--client-id", "build-app"),
        ("--organization-id", "org-contoso"),
        ("--client-id", "build:app", "--organization-id", "org-contoso"),
        ("--client-id", "build-app", "--organization-id", "../org"),
    ],
)
def test_an_app_without_usable_ids_is_a_matter_of_usage(
    program: Program, service: Sandbox, kind: Kind, ids: tuple[str, ...]
) -> None:
    where = ("--endpoint", service.url, "--name", "build", "--kind", kind.value)
    done = program("add", *where, *ids, given=SECRET)
    assert done.code == 2
    assert SECRET not in done.err
    assert service.requests == ()


def test_ids_of_an_app_are_for_apps_only(program: Program, service: Sandbox) -> None:
    done = program("add", "--name", "x", "--endpoint", service.url, *IDS, given=TOKEN)
    assert done.code == 2
    assert service.requests == ()


def test_the_wrong_version_of_an_app_is_refused_and_not_tried_as_the_other(
    program: Program, service: Sandbox
) -> None:
    know(service, Kind.OAUTH_APP_V1)
    done = add(program, service, Kind.OAUTH_APP_V2, given=SECRET)
    assert done.code == 4
    assert SECRET not in done.err
    assert len(service.requests) == 1


def test_an_import_takes_the_kinds_that_its_rows_do_not_name_from_the_command_line(
    program: Program, service: Sandbox, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(
        "organization,token,client_id,client_secret,org_id,endpoint\n"
        f"Contoso,{TOKEN},,,,{service.url}\n"
        f"Fabrikam,,build-app,{SECRET},org-fabrikam,{service.url}\n"
    )
    done = program("import", str(file), "--json")
    assert [row["mark"] for row in done.json["rows"]] == ["new", "malformed"]
    kinds = (Kind.OAUTH_APP_V2, Kind.CLOUD_SERVICES)
    told = [word for kind in kinds for word in ("--kind", kind.value)]
    done = program("import", str(file), "--dry-run", "--json", *told)
    assert [row["mark"] for row in done.json["rows"]] == ["duplicate", "new"]
    file.write_text(file.read_text().replace(TOKEN, f"{TOKEN}2"))
    done = program("import", str(file), "--json", *told)
    rows = program("list", "--json", passphrase=None).json
    assert [row["kind"] for row in done.json["rows"]] == [
        Kind.CLOUD_SERVICES.value,
        Kind.OAUTH_APP_V2.value,
    ]
    assert sorted(row["kind"] for row in rows) == sorted(
        [Kind.NAVIGATOR.value, *(kind.value for kind in kinds)]
    )
