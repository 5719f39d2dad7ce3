"""What is understood as the end of an API token."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_tokens.core.dates import expiry_from
from partner_tokens.core.errors.typed import InputError
from partner_tokens.core.lifetime import Expiry


def local_day(text: str) -> str:
    at = expiry_from(text).at
    assert at is not None
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    "text", ["2027-01-31", "31/01/2027", "01/31/2027", "31.1.2027", "31-01-2027", " 2027-01-31 "]
)
def test_a_date_means_that_whole_day(text: str) -> None:
    assert local_day(text) == "2027-01-31 23:59"


def test_an_instant_keeps_its_zone() -> None:
    assert expiry_from("2027-01-31T10:00:00Z").at == datetime(2027, 1, 31, 10, tzinfo=UTC)


def test_never_and_unknown_are_understood_in_two_languages() -> None:
    assert expiry_from("Nunca") == expiry_from("NEVER") == Expiry.endless()
    assert expiry_from("") == expiry_from("desconocido") == Expiry.unknown()


@pytest.mark.parametrize("text", ["03/04/2027", "soon", "2027-02-30", "31/31/2027", "1/2"])
def test_what_could_mean_two_days_or_none_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        expiry_from(text)


def test_a_riddle_is_told_from_nonsense() -> None:
    with pytest.raises(InputError, match="two ways"):
        expiry_from("03/04/2027")
    with pytest.raises(InputError, match="not a date"):
        expiry_from("00/04/2027")


def test_a_day_that_is_its_month_is_no_riddle() -> None:
    assert local_day("03/03/2027") == "2027-03-03 23:59"


@given(st.text())
def test_any_text_is_an_expiry_or_refused(text: str) -> None:
    try:
        assert isinstance(expiry_from(text), Expiry)
    except InputError:
        return
