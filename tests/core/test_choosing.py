"""Which token is meant by an id, by its beginning, or by words."""

from dataclasses import replace
from datetime import UTC, datetime

from partner_tokens.core.choosing import all_of, short_ids
from partner_tokens.core.tokens import ApiToken, Organization

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
ENDPOINT = "https://console.example"


def token(id: str, organization: str, name: str = "build") -> ApiToken:
    return ApiToken(id, Organization(organization), name, ENDPOINT, NOW)


ONE = token("aaaaaaaabbbb", "Contoso Ltd", "billing")
TWO = token("aaaaaaaacccc", "Contoso GmbH", "Prüfung")
THREE = token("ddddddddeeee", "Fabrikam", "build")
ALL = [ONE, TWO, THREE]


def test_a_whole_id_stands_for_itself_alone() -> None:
    clash = token("x", "aaaaaaaabbbb")
    assert all_of([clash, *ALL], ["aaaaaaaabbbb"]) == [ONE]


def test_every_word_must_occur_without_case_and_accents() -> None:
    assert all_of(ALL, ["contoso"]) == [ONE, TWO]
    assert all_of(ALL, ["CONTOSO", "prufung"]) == [TWO]
    assert all_of(ALL, ["contoso", "fabrikam"]) == []
    assert all_of(ALL, [" "]) == []


def test_a_note_or_a_user_that_speaks_of_another_organization_does_not_mean_it() -> None:
    """Nobody sees whose header `header contoso` prints: it is never Fabrikam's."""
    strange = replace(THREE, note="for the move from Tailspin", user="ana@tailspin.example")
    assert all_of([*ALL, strange], ["tailspin"]) == []
    assert all_of([ONE, strange], ["billing", "tailspin"]) == []


def test_the_id_of_its_organization_names_a_token() -> None:
    known = replace(THREE, organization=Organization("Fabrikam", "8b1d-77"))
    assert all_of([ONE, known], ["8B1D-77"]) == [known]


def test_six_signs_may_begin_an_id_and_fewer_may_not() -> None:
    assert all_of(ALL, ["dddddd"]) == [THREE]
    assert all_of(ALL, ["ddddd"]) == []
    assert all_of(ALL, ["aaaaaaaa"]) == [ONE, TWO]


def test_short_ids_are_as_long_as_it_takes_to_tell_them_apart() -> None:
    assert short_ids([ONE, THREE]) == ["aaaaaaaa", "dddddddd"]
    assert short_ids(ALL) == ["aaaaaaaab", "aaaaaaaac", "dddddddde"]
    assert short_ids([]) == []
