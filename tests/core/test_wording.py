"""Instants, lifetimes and results in words."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partner_tokens.core.formats import Format
from partner_tokens.core.instants import instant_of, local, local_day
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.stages import Stage
from partner_tokens.core.tokens import (
    ENDPOINT_PRESETS,
    ApiToken,
    Colour,
    Organization,
    Result,
    State,
)
from partner_tokens.core.wording import (
    clock_words,
    countdown,
    day_words,
    days_left_words,
    event_title,
    exact,
    expiry_exact,
    expiry_words,
    format_label,
    long_span,
    pause_words,
    result_words,
    row_sentence,
    span_words,
    stage_words,
    when_words,
)

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
ZURICH = ZoneInfo("Europe/Zurich")
SECOND = timedelta(seconds=1)


def d(days: float = 0, **parts: float) -> timedelta:
    return timedelta(days=days, **parts)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (d(seconds=-5), "less than a minute"),
        (d(seconds=59), "less than a minute"),
        (d(minutes=1), "1 minute"),
        (d(minutes=9, seconds=41), "10 minutes"),
        (d(minutes=118), "118 minutes"),
        (d(hours=2) - SECOND, "2 hours"),
        (d(hours=2), "2 hours"),
        (d(hours=47), "47 hours"),
        (d(2) - SECOND, "2 days"),
        (d(2), "2 days"),
        (d(3, hours=5), "3 days"),
        (d(30) - SECOND, "30 days"),
        (d(59), "59 days"),
        (d(60), "2 months"),
        (d(152, hours=5), "5 months"),
        (d(182), "6 months"),
        (d(700), "23 months"),
        (d(731), "2 years"),
        (d(3650), "10 years"),
    ],
)
def test_a_span_is_rounded_to_the_unit_that_tells_enough(span: timedelta, words: str) -> None:
    assert long_span(span) == words


@given(st.timedeltas(timedelta(0), timedelta(days=5000)))
def test_the_number_in_a_span_is_at_least_two_above_minutes(span: timedelta) -> None:
    count, unit = [*long_span(span).split(), ""][:2]
    assert unit in {"minute", "minutes"} or count == "less" or int(count) >= 2


def test_an_expiry_is_seen_from_now() -> None:
    assert expiry_words(Expiry(NOW + d(3)), NOW) == "in 3 days"
    assert expiry_words(Expiry(NOW - d(4)), NOW) == "4 days ago"
    assert expiry_words(Expiry(NOW), NOW) == "less than a minute ago"
    assert expiry_words(Expiry.endless(), NOW) == "never"
    assert expiry_words(Expiry.unknown(), NOW) == "unknown"


@pytest.mark.parametrize(
    ("at", "zone", "words"),
    [
        (
            datetime(2027, 1, 12, 13, 0, tzinfo=UTC),
            ZURICH,
            "Tue 12 Jan 2027, 14:00 CET (UTC+01:00)",
        ),
        (
            datetime(2027, 7, 31, 22, 30, tzinfo=UTC),
            ZURICH,
            "Sun 1 Aug 2027, 00:30 CEST (UTC+02:00)",
        ),
        (
            datetime(2027, 1, 12, 13, 0, tzinfo=UTC),
            ZoneInfo("America/St_Johns"),
            "Tue 12 Jan 2027, 09:30 NST (UTC-03:30)",
        ),
        (datetime(2027, 1, 12, 13, 0, tzinfo=UTC), UTC, "Tue 12 Jan 2027, 13:00 UTC"),
        (
            datetime(2027, 1, 12, 13, 0, tzinfo=UTC),
            ZoneInfo("Europe/London"),
            "Tue 12 Jan 2027, 13:00 GMT (UTC+00:00)",
        ),
    ],
)
def test_the_exact_end_has_date_time_and_zone(at: datetime, zone: ZoneInfo, words: str) -> None:
    assert expiry_exact(Expiry(at), zone) == words


def test_the_exact_end_of_a_token_without_one_is_a_sentence() -> None:
    assert expiry_exact(Expiry.endless()) == "This API token has no end."
    assert expiry_exact(Expiry.unknown()) == "Nobody has said when this API token ends."


def test_the_last_instant_of_the_calendar_can_be_shown() -> None:
    last = datetime.max.replace(tzinfo=UTC)
    assert "9999" in expiry_exact(Expiry(last), ZoneInfo("Pacific/Auckland"))


class Windows(tzinfo):
    """A zone that is known for the years only that Windows can tell local times of."""

    def fromutc(self, at: datetime) -> datetime:
        if not 1970 <= at.year <= 3000:
            raise OSError(22, "Invalid argument")
        return at + d(hours=1)

    def utcoffset(self, _at: datetime | None) -> timedelta:
        return d(hours=1)

    dst = utcoffset

    def tzname(self, _at: datetime | None) -> str:
        return "CET"


def test_what_the_system_cannot_tell_in_local_time_is_told_in_utc() -> None:
    late = datetime(3001, 1, 1, 12, tzinfo=UTC)
    assert exact(late, Windows()) == "Thu 1 Jan 3001, 12:00 UTC"
    assert exact(NOW, Windows()) == "Mon 1 Jun 2026, 13:00 CET (UTC+01:00)"


FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
ANY = st.datetimes(timezones=st.just(UTC)) | st.sampled_from([FIRST, LAST])


@given(ANY, ANY, st.timezones() | st.none() | st.builds(Windows))
def test_any_instant_can_be_told_anywhere(at: datetime, now: datetime, zone: tzinfo | None) -> None:
    assert f"{local_day(at, zone).year}" in exact(at, zone)
    assert re.fullmatch("[0-9]{2}:[0-9]{2}", clock_words(at, zone))
    for words in (when_words(at, now, zone), day_words(at, now, zone), days_left_words(at, now)):
        assert words
    assert expiry_words(Expiry(at), now)


@pytest.fixture
def machine_in(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine's own zone is the parameter."""
    if not hasattr(time, "tzset"):
        pytest.skip("this platform takes its zone from the system alone")
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize("machine_in", ["America/Adak", "Pacific/Kiritimati"], indirect=True)
@pytest.mark.usefixtures("machine_in")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY)
def test_any_time_on_the_users_clock_is_an_instant(at: datetime) -> None:
    wall = at.replace(tzinfo=None)
    found = instant_of(wall)
    assert found.tzinfo is UTC
    assert abs(local(found).replace(tzinfo=None) - wall) < d(1)  # clocks skip hours, even a day


@pytest.mark.parametrize("machine_in", ["Asia/Kolkata"], indirect=True)
@pytest.mark.usefixtures("machine_in")
def test_without_a_zone_it_is_the_machines_own() -> None:
    assert clock_words(NOW) == "17:30"
    assert expiry_exact(Expiry(NOW)) == "Mon 1 Jun 2026, 17:30 IST (UTC+05:30)"
    assert when_words(NOW - d(hours=17), NOW) == "today 00:30"


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (d(seconds=0), "just now"),
        (d(seconds=59), "just now"),
        (d(seconds=-59), "just now"),
        (d(minutes=1), "1 min ago"),
        (d(minutes=2, seconds=59), "2 min ago"),
        (d(minutes=59, seconds=59), "59 min ago"),
        (d(hours=1), "today 13:00"),
        (d(hours=14), "today 00:00"),
        (d(hours=14, seconds=1), "yesterday"),
        (d(hours=38), "yesterday"),
        (d(hours=39), "30 May"),
        (d(20), "12 May"),
        (d(200), "13 Nov 2025"),
        (d(hours=-1), "today 15:00"),
        (d(-40), "11 Jul"),
    ],
)
def test_when_something_last_happened(ago: timedelta, words: str) -> None:
    assert when_words(NOW - ago, NOW, ZURICH) == words


def test_what_never_happened_says_so() -> None:
    assert when_words(None, NOW) == "never"


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (d(minutes=27, seconds=44.9), "27:44"),
        (d(minutes=1), "1:00"),
        (d(seconds=9), "0:09"),
        (d(seconds=-9), "0:00"),
        (d(minutes=600), "600:00"),
    ],
)
def test_a_countdown_has_minutes_and_seconds(left: timedelta, words: str) -> None:
    assert countdown(left) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (d(seconds=-3), "0 s"),
        (d(seconds=45), "45 s"),
        (d(seconds=59.6), "1 min"),
        (d(minutes=28), "28 min"),
        (d(minutes=29, seconds=58), "30 min"),
        (d(minutes=119), "119 min"),
        (d(hours=3), "3 hours"),
    ],
)
def test_a_short_span_is_told_in_short(span: timedelta, words: str) -> None:
    assert span_words(span) == words


# ---- results ----------------------------------------------------------------------------------


def test_every_result_has_words_of_its_own() -> None:
    words = [result_words(state) for state in State if state is not State.UNREACHABLE]
    words += [result_words(State.UNREACHABLE, stage) for stage in Stage]
    assert len(set(words)) == len(words)
    assert all(words)


def test_the_stage_matters_only_where_the_service_was_not_reached() -> None:
    assert result_words(State.READY, Stage.DNS) == "Ready"
    assert result_words(State.UNREACHABLE, Stage.DNS) == stage_words(Stage.DNS)
    assert result_words(State.UNREACHABLE, None) == "Answer not usable"


def test_every_format_has_a_label_of_its_own() -> None:
    assert len({format_label(form) for form in Format}) == len(Format)


# ---- a row aloud ------------------------------------------------------------------------------

TOKEN = ApiToken(
    id="a1",
    organization=Organization("Contoso"),
    name="build token",
    endpoint=ENDPOINT_PRESETS[0],
    added_at=NOW,
    expiry=Expiry(NOW + d(3)),
    result=Result(State.READY),
)


def test_a_row_is_read_as_one_sentence() -> None:
    assert row_sentence(TOKEN, d(minutes=28), NOW) == (
        "Contoso, build token, expires in 3 days, warning, access token 28 minutes left, Ready"
    )


@pytest.mark.parametrize(
    ("expiry", "words"),
    [
        (Expiry(NOW - d(4)), "expired 4 days ago"),
        (Expiry(NOW + d(200)), "expires in 7 months"),
        (Expiry.endless(), "API token never expires"),
        (Expiry.unknown(), "expiry unknown"),
    ],
)
def test_a_row_tells_how_its_api_token_ends(expiry: Expiry, words: str) -> None:
    sentence = row_sentence(replace(TOKEN, expiry=expiry), None, NOW)
    assert sentence == f"Contoso, build token, {words}, Ready"


def test_a_row_tells_that_it_is_pinned_and_what_failed() -> None:
    failed = Result(State.UNREACHABLE, Stage.TIMEOUT)
    token = replace(TOKEN, pinned=True, result=failed, expiry=Expiry.unknown())
    assert row_sentence(token, d(0), NOW) == (
        "Contoso, build token, pinned, expiry unknown, No answer in time"
    )


def test_a_row_tells_the_marks_of_its_organization() -> None:
    marked = Organization("Contoso", colour=Colour.RED, production=True, paused_until=NOW + d(2))
    token = replace(TOKEN, organization=marked, expiry=Expiry.unknown())
    assert row_sentence(token, None, NOW) == (
        "Contoso, Red, production, build token, expiry unknown, paused until 3 Jun, Ready"
    )
    assert "paused" not in row_sentence(token, None, NOW + d(2))


def test_a_pause_names_the_year_where_it_is_another() -> None:
    paused = Organization("Contoso", paused_until=NOW + d(365))
    assert pause_words(paused, NOW, UTC) == "paused until 1 Jun 2027"


# ---- what runs out ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 API token runs out"), (9, "9 API tokens run out")]
)
def test_a_day_in_the_calendar_says_how_many_run_out(count: int, words: str) -> None:
    assert event_title(count) == words
