"""Each thing that the network may do is told in words of its own; no token goes astray."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from partner_tokens.core.errors.service import Refused, ServiceError, Throttled, Unreachable
from partner_tokens.core.stages import Stage
from torture.network import (
    ROWS,
    TAKEN,
    Ground,
    ground_in,
    leaks,
    said_of_each_status,
    sentence,
    told_alike,
    waits_too_long,
)

PATIENCE = timedelta(seconds=30)
SHORT = timedelta(seconds=0.5)
"""For what never ends."""

ENDLESS = "drip of one byte a second"
UNSAID = ("could not be used", "could not be read", "No secure connection")
"""What is said where it is not known what was wrong."""


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    with ground_in(tmp_path) as made:
        yield made


def said_of(ground: Ground, name: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        if name == "black hole":
            patch.setattr("partner_tokens.core.transport.CONNECT_PATIENCE", SHORT)
        return sentence(ground, ROWS[name](ground), SHORT if name == ENDLESS else PATIENCE)[0]


def test_each_row_is_told_in_words_of_its_own_and_no_token_goes_astray(ground: Ground) -> None:
    said = {name: said_of(ground, name) for name in ROWS}
    assert told_alike(said) == []
    assert [name for name, words in said.items() if any(part in words for part in UNSAID)] == []
    assert [name for name, words in said.items() if words == TAKEN] == [
        "byte order mark",
        "Date hours off",
    ]
    assert leaks(ground) == []


def test_the_service_cannot_keep_us_waiting_for_a_year(ground: Ground) -> None:
    place = ROWS["Retry-After of a year"](ground)
    error = sentence(ground, place, PATIENCE)[1]
    assert isinstance(error, Throttled)
    assert not waits_too_long(error)


def test_every_status_is_told_with_its_number_or_by_its_meaning(ground: Ground) -> None:
    for status, (words, error) in said_of_each_status(ground).items():
        assert isinstance(error, ServiceError), status
        is_told = str(status) in words or isinstance(error, Refused | Throttled)
        is_proxys = isinstance(error, Unreachable) and error.stage is Stage.PROXY
        assert is_told or is_proxys, words
