"""A fault is told by types and places: whatever it says itself may be a secret."""

from pathlib import Path

import pytest

from partner_tokens.core.errors.service import BrokenReply
from partner_tokens.core.faults import MOST_LINES, describe

PASSPHRASE = "correct horse battery"
API_TOKEN = "pT4kXq-Zs81hV2nWm0cYbR7dLgJ3eFoA"


def stumble(secret: str) -> None:
    raise LookupError(f"no room for {secret} here")


def raised(secret: str) -> BaseException:
    with pytest.raises(LookupError) as caught:
        stumble(secret)
    return caught.value


@pytest.mark.parametrize("secret", [PASSPHRASE, API_TOKEN, "123456"])
def test_the_message_of_a_fault_is_dropped(secret: str) -> None:
    place, details = describe(raised(secret))
    assert details.splitlines()[0] == "LookupError"
    assert " in stumble" in place
    assert secret not in details
    assert "no room" not in details


def test_causes_are_told_in_the_same_way() -> None:
    try:
        try:
            raise KeyError(PASSPHRASE)
        except KeyError as error:
            raise ValueError(f"cannot send {API_TOKEN}") from error
    except ValueError as error:
        _place, details = describe(error)
    assert "because of KeyError\n" in details
    assert PASSPHRASE not in details
    assert API_TOKEN not in details


def test_an_error_of_ours_keeps_its_words_but_no_long_ones() -> None:
    _place, details = describe(BrokenReply("a.example", moved_to=API_TOKEN))
    assert details.splitlines()[0].startswith("BrokenReply: a.example wants to send us to …")


def test_a_very_long_way_is_cut_at_its_far_end() -> None:
    def dig(depth: int) -> None:
        if depth == 0:
            stumble("")
        dig(depth - 1)

    with pytest.raises(LookupError) as caught:
        dig(500)
    _place, details = describe(caught.value)
    assert len(details.splitlines()) < 50
    assert "in stumble" in details.splitlines()[1]


def test_a_very_long_chain_of_causes_is_cut() -> None:
    error = Exception()
    for _ in range(5 * MOST_LINES):
        cause, error = error, Exception()
        error.__cause__ = cause
    assert len(describe(error)[1].splitlines()) <= MOST_LINES


def test_details_name_no_folder_of_the_user() -> None:
    _place, details = describe(raised(""))
    assert str(Path(__file__).parents[2]) not in details
