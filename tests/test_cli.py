"""The terminal program: what each command prints, and how it ends."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from partner_tokens.core.tokens import Colour, Result, State
from partner_tokens.parts import Parts
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.sandbox.service import Sandbox
from terminal_program import PASSPHRASE, Done, Program, fill, known

BUILD = known("build")
OPS = known("ops")
FABRIKAM = known("ops2", "Fabrikam")


@pytest.fixture
def service() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        sandbox.register(BUILD, OPS, FABRIKAM)
        yield sandbox


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


@pytest.fixture
def filled(program: Program, service: Sandbox) -> Program:
    fill(program, service.url, BUILD, OPS, FABRIKAM)
    return program


def add(program: Program, service: Sandbox, *options: str, given: str = BUILD.api_token) -> Done:
    return program("add", "--name", "build", "--endpoint", service.url, *options, given=given)


# ---- list -------------------------------------------------------------------------------------


def test_a_list_for_programs_has_every_field_and_no_secret(filled: Program) -> None:
    done = filled("list", "--json", passphrase=None)
    assert done.code == 0
    assert [row["organization"] for row in done.json] == ["Contoso", "Contoso", "Fabrikam"]
    row = done.json[0]
    assert set(row) == {
        "id",
        "organization",
        "organization_id",
        "production",
        "colour",
        "paused_until",
        "name",
        "kind",
        "endpoint",
        "expires_at",
        "expiry_from",
        "band",
        "state",
        "last_used_at",
    }
    assert (row["band"], row["state"], row["last_used_at"]) == ("soon", "unproven", None)
    ends_at = datetime.fromisoformat(row["expires_at"])
    assert ends_at.tzinfo is not None
    assert timedelta(days=19) < ends_at - datetime.now(UTC) < timedelta(days=20)


def test_an_empty_list_is_empty_for_programs_and_a_hint_for_people(program: Program) -> None:
    assert program("list", "--json", passphrase=None).json == []
    done = program("list", passphrase=None)
    assert (done.code, done.out) == (0, "")
    assert "add" in done.err


def test_a_list_for_people_has_aligned_columns_in_every_script(
    program: Program, service: Sandbox
) -> None:
    fill(program, service.url, BUILD, FABRIKAM, known("wide", "合同会社"))
    lines = program("list", passphrase=None).out.splitlines()
    assert lines[0].startswith("Id ")
    columns = {line.index("in 20 days") + 4 * ("合同会社" in line) for line in lines[1:]}
    assert len(columns) == 1


def test_a_name_that_would_break_the_columns_is_cut(program: Program, service: Sandbox) -> None:
    fill(program, service.url, known("long", "x" * 150))
    done = program("list", passphrase=None)
    assert all(len(line) < 120 for line in done.out.splitlines())
    assert "x…" in done.out


def mark(program: Program, name: str, **marks: object) -> None:
    """Marks an organization, as the window does."""
    parts = Parts(program.profile)
    seen = next(
        each.organization for each in parts.organizations.all() if each.organization.name == name
    )
    parts.organizations.edit(seen, replace(seen, **marks))  # type: ignore[arg-type]
    parts.close()


def test_a_list_shows_production_and_a_pause(filled: Program) -> None:
    until = datetime(2099, 12, 3, 12, tzinfo=UTC)
    mark(filled, "Fabrikam", production=True, colour=Colour.RED, paused_until=until)
    lines = filled("list", passphrase=None).out.splitlines()
    assert "Fabrikam (production)" in lines[3]
    assert "Not proven yet, paused until 3 Dec 2099" in lines[3]
    assert "production" not in lines[1]
    row = filled("list", "--json", passphrase=None).json[2]
    assert (row["production"], row["colour"]) == (True, "red")
    assert datetime.fromisoformat(row["paused_until"]) == until


def test_a_header_for_production_says_so_beside_the_result(filled: Program) -> None:
    mark(filled, "Fabrikam", production=True)
    done = filled("header", "production")
    assert done.code == 0
    assert "This is for Fabrikam (production)." in done.err
    assert done.out.startswith("csp-auth-token: ")
    assert filled("token", "fabrikam").err == ""
    assert filled("header", "build").err == ""


def test_a_list_needs_neither_key_nor_network(filled: Program, service: Sandbox) -> None:
    service.stop()
    assert filled("list", passphrase=None).code == 0
    assert service.requests == ()


# ---- add --------------------------------------------------------------------------------------


def test_a_token_is_proven_stored_and_named_by_its_id(program: Program, service: Sandbox) -> None:
    done = add(program, service, "--organization", "Contoso", "--expires", "2030-01-31")
    assert (done.code, done.err) == (0, "")
    row = program("list", "--json").json[0]
    assert row["id"] == done.out.strip()
    assert (row["organization_id"], row["state"]) == ("contoso-id", "ready")
    assert row["expires_at"][:8] in {"2030-01-", "2030-02-"}
    assert len(service.exchanges) == 1


def test_the_service_tells_the_organization_where_none_was_typed(
    program: Program, service: Sandbox
) -> None:
    assert add(program, service).code == 0
    assert program("list", "--json").json[0]["organization"] == "Contoso"


def test_adding_once_more_changes_nothing_and_is_no_error(
    program: Program, service: Sandbox
) -> None:
    first = add(program, service, "--organization", "Contoso")
    again = add(program, service, "--organization", "CONTOSO", given=f' "{BUILD.api_token}"\r\n')
    assert (again.code, again.out) == (0, first.out)
    assert "stored already" in again.err
    assert "Nothing was changed" in again.err
    assert len(program("list", "--json").json) == 1
    assert len(service.exchanges) == 1


def test_a_token_stored_under_another_name_is_not_added_again(
    filled: Program, service: Sandbox
) -> None:
    done = filled("add", "--name", "other", "--endpoint", service.url, given=BUILD.api_token)
    assert done.code == 2
    assert "Contoso, build" in done.err


def test_adding_a_token_that_wants_a_passcode_tells_the_way_round(
    program: Program, service: Sandbox
) -> None:
    service.behave(BUILD.api_token, Behaviour.PASSCODE)
    done = add(program, service, "--organization", "Contoso")
    assert (done.code, done.out) == (7, "")
    assert "--unproven" in done.err


def test_an_empty_list_names_the_folder_it_was_looked_for_in(
    program: Program, tmp_path: Path
) -> None:
    assert str(tmp_path) in program("list").err


def test_a_refused_token_is_not_stored(program: Program, service: Sandbox) -> None:
    service.behave(BUILD.api_token, Behaviour.REFUSED_CSP)
    done = add(program, service, "--organization", "Contoso")
    assert (done.code, done.out) == (4, "")
    assert program("list", "--json").json == []


def test_offline_a_token_can_be_stored_unproven(program: Program, service: Sandbox) -> None:
    service.stop()
    assert add(program, service, "--organization", "Contoso").code == 5
    assert add(program, service, "--organization", "Contoso", "--unproven").code == 0
    assert program("list", "--json").json[0]["state"] == "unproven"


def test_unproven_the_organization_must_be_named(program: Program, service: Sandbox) -> None:
    assert add(program, service, "--unproven").code == 2
    assert program("list", "--json").json == []


def test_another_display_name_is_a_warning(program: Program, service: Sandbox) -> None:
    done = add(program, service, "--organization", "Our Contoso")
    assert done.code == 0
    assert "Our Contoso" in done.err
    assert "calls this organization Contoso" in done.err
    assert program("list", "--json").json[0]["organization"] == "Our Contoso"


def test_another_organizations_id_is_an_error(filled: Program, service: Sandbox) -> None:
    new = known("new", "Fabrikam")
    service.register(new)
    done = filled(
        *("add", "--name", "new", "--endpoint", service.url, "--organization", "Contoso"),
        given=new.api_token,
    )
    assert done.code == 4
    assert "belongs to Fabrikam" in done.err
    assert len(filled("list", "--json").json) == 3


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("", "No API token"),
        ("eyJhbGciOiJSUzI1NiJ9.eyJzdWIi.c2ln", "access token"),
        ("csp-auth-token: x", "header"),
        ("two words", "spaces"),
    ],
)
def test_what_is_no_api_token_is_refused_before_anything_is_made(
    program: Program, service: Sandbox, given: str, named: str
) -> None:
    done = add(program, service, given=given)
    assert done.code == 2
    assert named in done.err
    assert service.requests == ()
    assert not program.profile.store_path.exists()


@pytest.mark.parametrize(
    "options",
    [
        ("--expires", "soon"),
        ("--expires", "2026-02-30"),
        ("--expires", "9999-12-31T23:59-14:00"),
        ("--endpoint", "http://host.example"),
        ("--endpoint", "ftp://host.example"),
        ("--name", " "),
    ],
)
def test_what_cannot_be_meant_is_a_matter_of_usage(
    program: Program, service: Sandbox, options: tuple[str, str]
) -> None:
    done = add(program, service, *options)
    assert done.code == 2
    assert "Traceback" not in done.err
    assert service.requests == ()


@pytest.mark.parametrize(
    ("typed", "band", "expires_at"),
    [
        ("never", "never", None),
        ("unknown", "unknown", None),
        ("2020-01-01T12:00+02:00", "over", "2020-01-01T10:00:00Z"),
        ("2090-01-01T12:00Z", "fine", "2090-01-01T12:00:00Z"),
    ],
)
def test_the_end_of_a_token_is_taken_as_typed(
    program: Program, service: Sandbox, typed: str, band: str, expires_at: str | None
) -> None:
    done = add(program, service, "--organization", "Contoso", "--unproven", "--expires", typed)
    assert done.code == 0
    row = program("list", "--json").json[0]
    assert (row["band"], row["expires_at"]) == (band, expires_at)


# ---- header -----------------------------------------------------------------------------------


def test_a_header_is_all_that_is_printed(filled: Program, service: Sandbox) -> None:
    done = filled("header", "fabrikam")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("csp-auth-token: eyJ")
    assert done.out.count("\n") == 1
    assert BUILD.api_token not in done.out
    rows = {row["name"]: row for row in filled("list", "--json").json}
    assert rows["ops2"]["state"] == "ready"
    assert rows["ops2"]["last_used_at"] is not None
    assert rows["build"]["last_used_at"] is None


def test_a_header_comes_in_the_format_asked_for(filled: Program) -> None:
    out = filled("header", "fabrikam", "--format", "env-bash").out
    assert out.startswith("export CSP_AUTH_TOKEN='eyJ")


@pytest.mark.parametrize(
    "what",
    [
        ("BUILD",),
        ("contoso", "build"),
        ("build contoso",),
        ("00abcdef" + "0" * 24,),
        ("00abcd",),
        ("contoso-id", "bui"),
    ],
)
def test_a_token_is_meant_by_words_or_by_its_id(filled: Program, what: tuple[str, ...]) -> None:
    assert filled("header", *what).code == 0


@pytest.mark.parametrize("what", [("contoso",), ("o",), ("ops",)])
def test_where_several_are_meant_they_are_listed_and_none_is_taken(
    filled: Program, service: Sandbox, what: tuple[str, ...]
) -> None:
    done = filled("header", *what, passphrase=None)
    assert (done.code, done.out) == (3, "")
    assert "ops" in done.err
    assert service.requests == ()


@pytest.mark.parametrize("what", [("nobody",), ("contoso", "nobody"), ("00abc",), (" ",)])
def test_where_none_is_meant_it_says_so(filled: Program, what: tuple[str, ...]) -> None:
    done = filled("header", *what, passphrase=None)
    assert (done.code, done.out) == (3, "")
    assert "No token matches" in done.err


def test_a_token_that_wants_a_passcode_is_not_tried_without(
    program: Program, service: Sandbox
) -> None:
    fill(program, service.url, BUILD, result=Result(State.PASSCODE), interactive=True)
    assert program("list", "--json").json[0]["state"] == "passcode"
    assert program("header", "build").code == 7
    assert service.requests == ()


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        (Behaviour.REFUSED_CPN, 4),
        (Behaviour.PASSCODE, 7),
        (Behaviour.SIGN_IN_PAGE, 5),
        (Behaviour.GARBAGE, 5),
        (Behaviour.REDIRECT, 5),
    ],
)
def test_what_the_service_answers_decides_the_code(
    filled: Program, service: Sandbox, behaviour: Behaviour, code: int
) -> None:
    service.behave(BUILD.api_token, behaviour)
    done = filled("header", "build")
    assert (done.code, done.out) == (code, "")
    assert "Traceback" not in done.err


def test_being_throttled_and_being_offline_are_the_same_code(
    filled: Program, service: Sandbox
) -> None:
    service.switch(retry_after="3600")
    service.behave(BUILD.api_token, Behaviour.THROTTLED)
    assert filled("header", "build").code == 5
    service.stop()
    assert filled("header", "ops", "fabrikam").code == 5


def test_a_refused_token_is_not_tried_again_by_a_header(filled: Program, service: Sandbox) -> None:
    service.behave(BUILD.api_token, Behaviour.REFUSED_CSP)
    assert filled("header", "build").code == 4
    assert filled("header", "build").code == 4
    assert len(service.exchanges) == 1
    service.behave(BUILD.api_token, Behaviour.FINE)
    assert filled("check", "build").code == 0
    assert filled("header", "build").code == 0


def test_a_passcode_is_handed_over_by_standard_input(filled: Program, service: Sandbox) -> None:
    service.behave(BUILD.api_token, Behaviour.PASSCODE)
    assert "--passcode-stdin" in filled("header", "build").err
    assert filled("header", "build", "--passcode-stdin", given="12345\n").code == 2
    assert filled("header", "build", "--passcode-stdin", given="654321\n").code == 7
    done = filled("header", "build", "--passcode-stdin", given="123 456\n")
    assert (done.code, done.err) == (0, "")


def test_a_header_that_cannot_live_as_long_as_asked_says_so(
    filled: Program, service: Sandbox
) -> None:
    done = filled("header", "build", "--min-life", "2h")
    assert done.code == 0
    assert done.out.startswith("csp-auth-token: ")
    assert "30 min only" in done.err


def test_a_token_of_another_organization_is_held(filled: Program, service: Sandbox) -> None:
    service.register(known("build", "Fabrikam"))  # the same API token, now of Fabrikam
    done = filled("header", "build")
    assert (done.code, done.out) == (4, "")
    assert "belongs to Fabrikam" in done.err
    assert "Copy it in the window: there the row can be moved" in done.err
    states = {row["name"]: row["state"] for row in filled("list", "--json").json}
    assert states["build"] == "held"


# ---- check ------------------------------------------------------------------------------------


def test_a_check_climbs_the_ladder_of_each_endpoint_once(filled: Program, service: Sandbox) -> None:
    done = filled("check", passphrase=None)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == service.url
    assert len(lines) == 7
    assert service.exchanges == ()


def test_a_check_of_one_token_exchanges_it_too(filled: Program, service: Sandbox) -> None:
    done = filled("check", "build")
    assert done.code == 0
    assert "Exchange" in done.out.splitlines()[-1]
    assert "valid until" in done.out
    assert len(service.exchanges) == 1


def test_a_check_names_the_rung_that_failed_and_the_next_step(
    filled: Program, service: Sandbox
) -> None:
    service.stop()
    done = filled("check", "build", passphrase=None)
    assert done.code == 5
    failed = next(line for line in done.out.splitlines() if "failed" in line)
    assert failed.split()[0] == "Connection"
    assert "firewall" in done.out
    assert "Exchange" not in done.out


def test_a_check_tells_of_a_refused_token(filled: Program, service: Sandbox) -> None:
    service.behave(BUILD.api_token, Behaviour.REFUSED_CSP)
    done = filled("check", "build")
    assert done.code == 4
    assert "refused" in done.out


def test_a_check_ends_well_where_the_exchange_does_though_a_rung_has_failed(
    filled: Program, service: Sandbox
) -> None:
    service.switch(heads=Behaviour.UNAVAILABLE)
    done = filled("check", "build", "--json")
    assert done.json[0]["reachable"] is False
    assert done.json[0]["exchange"]["outcome"] == "ok"
    assert done.code == 0
    service.behave(BUILD.api_token, Behaviour.REFUSED_CSP)
    assert filled("check", "build").code == 4
    assert filled("check").code == 5


def test_a_check_for_programs_has_rungs_and_exchange(filled: Program, service: Sandbox) -> None:
    found = filled("check", "build", "--json").json
    assert [rung["step"] for rung in found[0]["rungs"]] == [
        "proxy",
        "dns",
        "tcp",
        "tls",
        "http",
        "clock",
    ]
    assert found[0]["reachable"] is True
    assert found[0]["exchange"]["outcome"] == "ok"
    assert found[0]["exchange"]["organization_id"] == "contoso-id"
    service.behave(BUILD.api_token, Behaviour.REFUSED_CSP)
    done = filled("check", "build", "--json")
    assert done.json[0]["exchange"]["error"]["code"] == done.code == 4
    service.stop()
    done = filled("check", "--json")
    failed = [rung for rung in done.json[0]["rungs"] if rung["outcome"] == "failed"]
    assert [rung["error"]["stage"] for rung in failed] == ["tcp"]
    assert done.json[0]["reachable"] is False


def test_without_tokens_there_is_nothing_to_check(program: Program) -> None:
    assert program("check", passphrase=None).code == 3


# ---- opening ----------------------------------------------------------------------------------


def test_a_wrong_passphrase_opens_nothing(filled: Program, service: Sandbox) -> None:
    done = filled("header", "build", passphrase="something else")
    assert (done.code, done.out) == (6, "")
    assert "passphrase" in done.err
    assert service.requests == ()


def test_without_terminal_or_passphrase_the_store_stays_closed(filled: Program) -> None:
    done = filled("header", "build", passphrase=None)
    assert done.code == 6
    assert "--passphrase-fd" in done.err


def test_passphrase_and_api_token_may_come_through_the_same_pipe(
    program: Program, service: Sandbox
) -> None:
    done = program(
        *("add", "--name", "build", "--endpoint", service.url, "--passphrase-fd", "0"),
        given=f"{PASSPHRASE}\n{BUILD.api_token}\n",
        passphrase=None,
    )
    assert (done.code, done.err) == (0, "")
    assert program("header", "build").code == 0


def test_a_descriptor_that_is_not_open_is_a_matter_of_usage(filled: Program) -> None:
    done = filled("--passphrase-fd", "77", "header", "build", passphrase=None)
    assert done.code == 2
    assert "77" in done.err


def test_a_short_passphrase_is_refused_on_first_use(program: Program, service: Sandbox) -> None:
    done = program(
        *("add", "--name", "build", "--endpoint", service.url),
        given=BUILD.api_token,
        passphrase="short",
    )
    assert done.code == 2
    assert service.requests == ()


def test_a_damaged_store_is_said_and_left_alone(filled: Program) -> None:
    path = filled.profile.store_path
    path.write_bytes(b"no database at all" * 400)
    for command in (("list",), ("list", "--json"), ("header", "build"), ("check",)):
        done = filled(*command)
        assert (done.code, done.out) == (6, "")
        assert "open the window" in done.err
    assert path.read_bytes().startswith(b"no database")


# ---- usage ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nonsense",),
        ("header",),
        ("add",),
        ("header", "x", "--min-life", "10"),
        ("show",),
        ("list", "--js"),
    ],
)
def test_what_is_not_understood_is_a_matter_of_usage(
    program: Program, arguments: tuple[str, ...]
) -> None:
    done = program(*arguments, passphrase=None)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("usage: partner-tokens-cli")


@pytest.mark.parametrize("arguments", [("--help",), ("add", "--help"), ("--version",)])
def test_help_and_version_are_results(program: Program, arguments: tuple[str, ...]) -> None:
    done = program(*arguments, passphrase=None)
    assert (done.code, done.err) == (0, "")
    assert not program.profile.data.exists()


def test_the_demo_as_text_ends_with_a_header(program: Program) -> None:
    done = program("--demo", "show", passphrase=None)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert len([line for line in lines if "demo-" in line]) >= 12
    assert lines[-1].startswith("csp-auth-token: eyJ")
    assert not program.profile.data.exists()
