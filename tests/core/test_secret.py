"""A secret does not show itself."""

import copy
import logging
import pickle
import traceback

import pytest

from partner_tokens.core.secret import Secret

TEXT = "marker-3f9c"


@pytest.mark.parametrize(
    "shown",
    [
        repr(Secret(TEXT)),
        str(Secret(TEXT)),
        f"{Secret(TEXT)}",
        f"{Secret(TEXT):>40}",
        f"{Secret(TEXT)!r}",
        "%s" % Secret(TEXT),  # noqa: UP031  # logging formats so
        f"{[Secret(TEXT)]}",
        str({"api_token": Secret(TEXT)}),
    ],
)
def test_no_way_of_printing_shows_it(shown: str) -> None:
    assert TEXT not in shown
    assert "Secret(…)" in shown


def test_its_text_comes_out_on_request() -> None:
    assert Secret(TEXT).reveal() == TEXT


def test_it_cannot_be_pickled_or_copied() -> None:
    for way in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError) as caught:
            way(Secret(TEXT))
        assert TEXT not in str(caught.value)


def test_it_has_no_hash_and_no_dictionary() -> None:
    with pytest.raises(TypeError):
        hash(Secret(TEXT))
    assert not hasattr(Secret(TEXT), "__dict__")


def test_equal_texts_are_equal_secrets() -> None:
    assert Secret(TEXT) == Secret(TEXT)
    assert Secret(TEXT) != Secret(TEXT + " ")
    assert Secret(TEXT) != TEXT
    assert Secret("ä") == Secret("ä")


def test_half_a_character_can_be_compared_without_showing_the_rest() -> None:
    broken = Secret(f"{TEXT}\udcff")
    assert broken == Secret(f"{TEXT}\udcff")
    assert broken != Secret(TEXT)


def test_an_empty_one_is_false() -> None:
    assert not Secret("")
    assert Secret(" ")


def test_it_does_not_show_in_a_log_or_a_traceback(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(TEXT)
    try:
        raise ValueError(secret)
    except ValueError as error:
        logging.getLogger("test").exception("failed with %s", secret)
        shown = "".join(traceback.format_exception(error))
    assert TEXT not in caplog.text + shown
