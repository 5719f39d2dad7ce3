"""`edit`, `remove` and `restore`: rows changed, taken away and brought back in the terminal."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from partner_tokens.core.events import Event
from partner_tokens.core.tokens import ApiToken
from partner_tokens.parts import Parts
from partner_tokens.sandbox.service import Sandbox
from terminal_program import Program, fill, known

BUILD, OPS, FABRIKAM = known("build"), known("ops"), known("ops2", "Fabrikam")


@pytest.fixture
def service() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        sandbox.register(BUILD, OPS, FABRIKAM)
        yield sandbox


@pytest.fixture
def program(tmp_path: Path, service: Sandbox) -> Program:
    made = Program(tmp_path)
    fill(made, service.url, BUILD, OPS, FABRIKAM)
    return made


def rows(program: Program) -> dict[str, Any]:
    return {row["name"]: row for row in program("list", "--json", passphrase=None).json}


def history(program: Program, token_id: str) -> list[Event]:
    parts = Parts(program.profile)
    events = [entry.event for entry in parts.history.of(token_id)]
    parts.close()
    return events


def stored(program: Program, token_id: str) -> ApiToken:
    parts = Parts(program.profile)
    token = parts.store.token(token_id)
    parts.close()
    return token


# ---- edit -------------------------------------------------------------------------------------


def test_what_is_typed_is_changed_and_nothing_else(program: Program) -> None:
    before = rows(program)
    done = program(
        *("edit", "build", "--name", "nightly", "--expires", "2031-05-01", "--pin"),
        *("--note", "for the nightly build"),
        passphrase=None,
    )
    row = before.pop("build")
    assert (done.code, done.out, done.err) == (0, f"{row['id']}\n", "")
    after = rows(program)
    changed = after.pop("nightly")
    assert after == {name: each for name, each in before.items() if name != "build"}
    assert datetime.fromisoformat(changed["expires_at"]).year == 2031
    same = set(row) - {"name", "expires_at", "expiry_from", "band"}
    assert {name: changed[name] for name in same} == {name: row[name] for name in same}
    token = stored(program, row["id"])
    assert (token.note, token.pinned) == ("for the nightly build", True)
    assert history(program, row["id"]) == [Event.EDITED, Event.ADDED]


def test_a_note_and_a_pin_are_taken_away(program: Program) -> None:
    program("edit", "build", "--note", "gone soon", "--pin", passphrase=None)
    id = rows(program)["build"]["id"]
    assert program("edit", "build", "--note", "", "--unpin", passphrase=None).code == 0
    token = stored(program, id)
    assert (token.note, token.pinned) == ("", False)


def test_a_new_name_of_the_organization_holds_for_all_its_tokens(program: Program) -> None:
    done = program("edit", "build", "--organization", "Contoso Ltd", passphrase=None)
    assert done.code == 0
    assert done.err == "Contoso is called Contoso Ltd now, for all its 2 tokens.\n"
    named = {row["name"]: row["organization"] for row in rows(program).values()}
    assert named == {"build": "Contoso Ltd", "ops": "Contoso Ltd", "ops2": "Fabrikam"}


def test_the_name_of_another_organization_moves_the_token_there(program: Program) -> None:
    done = program("edit", "build", "--organization", "fabrikam", passphrase=None)
    assert done.err == "build belongs to Fabrikam now, no longer to Contoso.\n"
    named = {row["name"]: row["organization"] for row in rows(program).values()}
    assert named == {"build": "Fabrikam", "ops": "Contoso", "ops2": "Fabrikam"}


def test_a_secret_is_sealed_to_its_new_endpoint(program: Program, service: Sandbox) -> None:
    with Sandbox() as other:
        other.register(BUILD)
        done = program("edit", "build", "--endpoint", other.url, passphrase=None)
        assert done.code == 6  # it takes the key
        assert rows(program)["build"]["endpoint"] == service.url
        assert program("edit", "build", "--endpoint", other.url).code == 0
        assert rows(program)["build"]["state"] == "unproven"
        assert program("header", "build").code == 0
        assert len(other.exchanges) == 1
    assert len(service.exchanges) == 0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "edit needs what is to be changed"),
        (("--name", " "), "has no name"),
        (("--organization", ""), "The organization is missing"),
        (("--expires", "03/04/2031"), "read in two ways"),
        (("--endpoint", "http://example.com"), "https"),
        (("--name", "x\x1b[31m"), "invisible characters"),
        (("--note", OPS.api_token + "a1b2c3d4e5f6a7b8c9"), "looks like an API token"),
        (("--pin", "--unpin"), "not allowed with"),
    ],
)
def test_what_cannot_be_stored_changes_nothing(
    program: Program, options: tuple[str, ...], says: str
) -> None:
    before = rows(program)
    done = program("edit", "build", *options, passphrase=None)
    assert (done.code, done.out) == (2, "")
    assert says in done.err
    assert rows(program) == before


def test_a_row_is_not_edited_by_words_that_mean_several(program: Program) -> None:
    done = program("edit", "ops", "--name", "x", passphrase=None)
    assert (done.code, done.out) == (3, "")
    assert "x" not in rows(program)


# ---- remove and restore -----------------------------------------------------------------------


def test_a_token_is_removed_and_comes_back_as_it_was(program: Program) -> None:
    before = rows(program)
    done = program("remove", "build", passphrase=None)
    id = before["build"]["id"]
    assert (done.code, done.out) == (0, f"{id}\n")
    assert "Contoso, build was removed." in done.err
    assert f"partner-tokens-cli restore {id}" in done.err
    assert set(rows(program)) == {"ops", "ops2"}
    assert program("header", "build").code == 3
    back = program("restore", "build", passphrase=None)
    assert (back.code, back.out, back.err) == (0, f"{id}\n", "")
    assert rows(program) == before
    assert program("header", "build").code == 0
    assert history(program, id)[-3:] == [Event.RESTORED, Event.REMOVED, Event.ADDED]


def test_the_trash_is_listed_for_people_and_for_programs(program: Program) -> None:
    empty = program("list", "--removed", passphrase=None)
    assert (empty.code, empty.out, empty.err) == (0, "", "The trash is empty.\n")
    assert program("list", "--removed", "--json", passphrase=None).json == []
    program("remove", "build", passphrase=None)
    program("remove", "ops2", passphrase=None)
    head, last, first = program("list", "--removed", passphrase=None).out.splitlines()
    assert head.split() == ["Id", "Organization", "Token", "Removed", "Kept", "until"]
    assert ("Fabrikam" in last, "Contoso" in first) == (True, True)
    told = program("list", "--removed", "--json", passphrase=None).json
    assert [row["name"] for row in told] == ["ops2", "build"]
    removed_at, kept_until = (
        datetime.fromisoformat(told[0][name]) for name in ("removed_at", "kept_until")
    )
    assert (kept_until - removed_at).days == 30


def test_of_two_removed_tokens_with_one_name_the_id_tells_which(program: Program) -> None:
    ids = [rows(program)[name]["id"] for name in ("build", "ops")]
    program("edit", "ops", "contoso", "--name", "build", passphrase=None)
    for id in ids:
        program("remove", id, passphrase=None)
    done = program("restore", "build", passphrase=None)
    assert (done.code, done.out) == (3, "")
    assert all(id[:8] in done.err for id in ids)
    assert program("restore", ids[1][:8], passphrase=None).out == f"{ids[1]}\n"


def test_a_token_that_lies_in_the_trash_is_named_when_it_is_added(
    program: Program, service: Sandbox
) -> None:
    program("remove", "build", passphrase=None)
    where = ("--name", "anew", "--endpoint", service.url)
    done = program("add", *where, given=BUILD.api_token)
    assert (done.code, done.err) == (0, "This token is in the trash: Contoso, build.\n")
    assert rows(program)["anew"]["id"] == done.out.strip()
    assert program("list", "--removed", "--json", passphrase=None).json == []


def test_what_is_not_in_the_trash_is_not_restored(program: Program) -> None:
    done = program("restore", "build", passphrase=None)
    assert (done.code, done.out) == (3, "")
    assert "No removed token matches “build”." in done.err
    assert "list --removed" in done.err


def test_a_token_that_is_stored_anew_leaves_nothing_to_restore(
    program: Program, service: Sandbox
) -> None:
    program("remove", "build", passphrase=None)
    again = program("add", "--name", "again", "--endpoint", service.url, given=BUILD.api_token)
    assert again.code == 0
    assert program("restore", "build", passphrase=None).code == 3
    assert set(rows(program)) == {"again", "ops", "ops2"}


def test_a_production_mark_outlives_the_trash(program: Program) -> None:
    parts = Parts(program.profile)
    seen = next(each.organization for each in parts.organizations.all() if each.tokens == 1)
    parts.organizations.edit(seen, replace(seen, production=True))
    parts.close()
    program("remove", "fabrikam", passphrase=None)
    program("restore", "fabrikam", passphrase=None)
    assert rows(program)["ops2"]["production"] is True
