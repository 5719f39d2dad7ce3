"""Lifetime: from an instant and a clock to a band."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_tokens.core.lifetime import Band, Expiry

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("left", "band"),
    [
        (timedelta(days=-400), Band.OVER),
        (-SECOND, Band.OVER),
        (timedelta(0), Band.OVER),
        (SECOND, Band.URGENT),
        (timedelta(days=7), Band.URGENT),
        (timedelta(days=7) + SECOND, Band.SOON),
        (timedelta(days=30), Band.SOON),
        (timedelta(days=30) + SECOND, Band.FINE),
        (timedelta(days=4000), Band.FINE),
    ],
)
def test_the_band_follows_from_what_is_left(left: timedelta, band: Band) -> None:
    assert Expiry(NOW + left).band(NOW) is band


def test_without_an_instant_it_is_never_or_unknown() -> None:
    assert Expiry.endless().band(NOW) is Band.NEVER
    assert Expiry.unknown().band(NOW) is Band.UNKNOWN
    assert Expiry() == Expiry.unknown()


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        Expiry(datetime(2026, 6, 1))  # noqa: DTZ001  # that is the point


def test_an_instant_that_never_comes_is_refused() -> None:
    with pytest.raises(ValueError, match="never"):
        Expiry(NOW, never=True)


@given(st.timedeltas(timedelta(days=-500), timedelta(days=500)), st.timedeltas(SECOND, 99 * SECOND))
def test_a_band_never_gets_better_as_time_passes(left: timedelta, passed: timedelta) -> None:
    order = [Band.FINE, Band.SOON, Band.URGENT, Band.OVER]
    expiry = Expiry(NOW + left)
    assert order.index(expiry.band(NOW + passed)) >= order.index(expiry.band(NOW))
