"""Rows of an import: judged, then all stored or none."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clock import MovableClock
from partner_tokens.core.columns import Found, Usual
from partner_tokens.core.errors.keys import Locked
from partner_tokens.core.errors.tokens import DuplicateToken
from partner_tokens.core.intake import Mark, Row
from partner_tokens.core.profile import profile_under
from partner_tokens.core.registry import Draft
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import Colour, Kind, Organization, State
from partner_tokens.parts import Parts
from partner_tokens.sandbox.memory_keyring import MemoryBackend

HOST = "https://console.navigator.vmware.com"


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    built = Parts(profile_under(tmp_path), clock=MovableClock(), open_backend=MemoryBackend)
    built.vault.begin_with_keyring()
    yield built
    built.close()


def found(number: int = 1, organization: str = "Contoso", **more: Any) -> Found:
    texts: dict[str, Any] = {"name": "build", **more}
    return Found(Secret(f"{number:04d}{'x' * 60}"), organization, line=number, **texts)


def judge(parts: Parts, *rows: Found) -> tuple[Row, ...]:
    return parts.intake.judge(rows, Usual(HOST))


def test_new_rows_are_stored_unproven_with_their_texts(parts: Parts) -> None:
    rows = judge(parts, found(1, expires="never", note="n"), found(2, "Fabrikam", name="ops"))
    assert [row.mark for row in rows] == [Mark.NEW, Mark.NEW]
    assert parts.store.tokens() == ()  # judging stores nothing
    stored = parts.intake.store(rows)
    assert stored == parts.store.tokens()
    first = stored[0]
    assert (first.organization.name, first.name, first.note) == ("Contoso", "build", "n")
    assert (first.expiry.never, first.endpoint, first.result.state) == (True, HOST, State.UNPROVEN)
    sealed = parts.store.sealed(first.id)
    secret = parts.vault.open(sealed, token_id=first.id, endpoint=HOST)
    assert secret == found(1).secret


def test_a_stored_token_and_a_second_one_in_the_source_are_duplicates(parts: Parts) -> None:
    parts.registry.add(Draft("Contoso", "old", HOST, found(1).secret), None)
    first, second, third = judge(parts, found(1), found(2), replace(found(2), line=9))
    assert (first.mark, second.mark, third.mark) == (Mark.DUPLICATE, Mark.NEW, Mark.DUPLICATE)
    assert first.problem is not None
    assert "Contoso, old" in first.problem.title
    assert third.problem is not None
    assert "line 2" in third.problem.title


def test_each_malformed_row_says_what_is_wrong_and_cannot_be_stored(parts: Parts) -> None:
    rows = judge(
        parts,
        replace(found(1), secret=Secret("")),
        replace(found(2), secret=Secret("eyJhbGciOi.eyJzdWIi.sig")),
        found(3, organization=" "),
        found(4, name=" "),
        found(5, endpoint="http://elsewhere.example"),
        found(6, expires="03/04/2027"),
        found(7, note="\x1b"),
        found(8, organization="k1" * 32),
        found(9, kind=Kind.OAUTH_APP_V1, service_id="org-1"),
        replace(found(10, kind=Kind.OAUTH_APP_V2), secret=Secret("client:secret")),
    )
    assert {row.mark for row in rows} == {Mark.MALFORMED}
    assert len({row.problem.title for row in rows if row.problem}) == 10
    with pytest.raises(ValueError, match="cannot be stored"):
        parts.intake.store(rows[:1])


@pytest.mark.parametrize("id", ["org-\ud800", "org-\x1b[31m", "\u200b", "o" * 201])
def test_an_id_that_cannot_be_stored_spoils_its_row_alone(parts: Parts, id: str) -> None:
    good, bad = judge(parts, found(1, service_id="any id"), found(2, service_id=id))
    assert (good.mark, bad.mark) == (Mark.NEW, Mark.MALFORMED)
    [stored] = parts.intake.store([row for row in (good, bad) if row.can_be_stored])
    assert stored.organization.service_id == "anyid"


def test_the_organization_is_known_by_its_id_where_only_that_is_told(parts: Parts) -> None:
    parts.intake.store(judge(parts, found(1, service_id="org-1")))
    known, unknown = judge(
        parts, found(2, "", service_id="org-1"), found(3, "", service_id="org-2")
    )
    assert (known.organization.name, unknown.organization.name) == ("Contoso", "org-2")


def test_a_name_that_is_stored_under_another_id_is_marked(parts: Parts) -> None:
    parts.intake.store(judge(parts, found(1, service_id="org-1")))
    rows = judge(parts, found(2, "CONTOSO", service_id="org-2"), found(3, service_id="org-1"))
    assert [row.mark for row in rows] == [Mark.OTHER_ORGANIZATION, Mark.NEW]
    stored = parts.intake.store(rows)
    assert [token.organization.service_id for token in stored] == ["org-2", "org-1"]


@pytest.mark.parametrize("id", ["", "org-1"])
def test_marks_are_taken_in_for_an_organization_whose_tokens_are_all_in_the_trash(
    parts: Parts, id: str
) -> None:
    [gone] = parts.intake.store(judge(parts, found(1, service_id=id)))
    parts.trash.put([gone.id])
    marks: dict[str, Any] = {"production": True, "colour": Colour.RED, "organization_note": "call"}
    [stored] = parts.intake.store(judge(parts, found(2, service_id=id, **marks)))
    ours = stored.organization
    assert (ours.production, ours.colour, ours.note) == (True, Colour.RED, "call")
    [restored] = parts.trash.restore([gone.id]).tokens
    assert restored.organization == ours
    other = {**marks, "production": False, "colour": Colour.BLUE}
    [another] = parts.intake.store(judge(parts, found(3, service_id=id, **other)))
    assert another.organization == ours


def test_all_rows_are_stored_or_none(parts: Parts) -> None:
    rows = judge(parts, found(1), found(2), found(3))
    parts.registry.add(Draft("Contoso", "quick", HOST, found(3).secret), None)
    with pytest.raises(DuplicateToken):
        parts.intake.store(rows)
    assert [token.name for token in parts.store.tokens()] == ["quick"]
    assert parts.store.organizations() == (parts.store.tokens()[0].organization,)


def test_a_copy_of_the_store_is_made_before(parts: Parts) -> None:
    parts.intake.store(judge(parts, found(1)))
    parts.intake.store(judge(parts, found(2)))
    assert any("before-import" in path.name for path in parts.profile.backups.iterdir())


def test_nothing_is_judged_while_the_vault_is_closed(parts: Parts) -> None:
    parts.vault.close()
    with pytest.raises(Locked):
        judge(parts, found(1))


def test_two_thousand_rows_are_judged_and_stored_within_two_seconds(parts: Parts) -> None:
    many = [found(number, f"Customer {number % 400}") for number in range(2_000)]
    begun = time.monotonic()
    stored = parts.intake.store(judge(parts, *many))
    took = time.monotonic() - begun
    assert len(stored) == 2_000
    assert took < 4, f"{took:.1f} s"  # a machine at work may take twice as long


def test_rows_do_not_show_their_secret(parts: Parts) -> None:
    (row,) = judge(parts, found(1))
    assert found(1).secret.reveal() not in repr(row)
    assert row.organization == Organization("Contoso")
