"""The digest: what passed a lead time since the last one, once, counted and named."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from partner_tokens.core.digest import OVER, Digest, digest_of
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.tokens import ApiToken, Organization

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
LEADS = (30, 14, 7, 1)


def token(id: str, days: float, organization: str = "Contoso") -> ApiToken:
    return ApiToken(
        id=id,
        organization=Organization(organization),
        name="build",
        endpoint="https://console.navigator.vmware.com",
        added_at=NOW - timedelta(days=100),
        expiry=Expiry(NOW + timedelta(days=days)),
    )


def digest(
    *tokens: ApiToken,
    on: int = 0,
    last: int | None = None,
    leads: tuple[int, ...] = LEADS,
) -> Digest:
    """The digest `on` days from today, the last one having been on day `last`."""
    day = None if last is None else TODAY + timedelta(days=last)
    return digest_of(tokens, NOW + timedelta(days=on), leads, day, UTC)


def test_the_first_digest_tells_all_within_the_longest_lead_time() -> None:
    found = digest(
        token("over", -40, "Coho"),
        token("today", 0.2, "Alpine"),
        token("week", 6, "Fabrikam"),
        token("month", 30, "Fabrikam"),
        token("later", 31),
    )
    assert found.token_ids == {"over", "today", "week", "month"}
    assert found.counts == ((OVER, 1), (1, 1), (7, 1), (30, 1))
    assert found.organizations == ("Coho", "Alpine", "Fabrikam")


def test_a_token_is_told_again_only_at_its_next_lead_time() -> None:
    one = token("1", 20)
    told = [day for day in range(25) if digest(one, on=day, last=day - 1).counts]
    assert told == [6, 13, 19, 21]


def test_what_passed_while_the_program_was_not_running_is_told_once() -> None:
    one = token("1", 20)
    assert digest(one, on=10, last=0).counts == ((14, 1),)
    assert digest(one, on=10, last=6).counts == ()


def test_what_was_added_between_two_lead_times_is_told_in_the_next_digest() -> None:
    fresh, known = replace(token("1", 5), added_at=NOW), token("2", 5)
    found = digest(fresh, known, last=-1)
    assert (found.token_ids, found.counts) == ({"1"}, ((7, 1),))
    assert digest(fresh, known, on=1, last=0).counts == ()
    assert digest(fresh, known, on=4, last=0).counts == ((1, 2),)


def test_what_was_just_renewed_for_some_weeks_is_not_told_at_once() -> None:
    renewed = replace(token("1", 20), added_at=NOW)
    assert digest(renewed, last=-1).counts == ()
    assert digest(renewed, on=6, last=5).counts == ((14, 1),)


def test_what_has_run_out_is_told_on_the_day_after() -> None:
    one = token("1", -1)
    assert digest(one, last=-1).counts == ((OVER, 1),)
    assert digest(one, on=1, last=0).counts == ()


def test_tokens_without_a_date_are_never_told() -> None:
    endless = replace(token("1", 0), expiry=Expiry.endless())
    unknown = replace(token("2", 0), expiry=Expiry.unknown())
    assert digest(endless, unknown) == Digest()


def test_days_are_those_of_the_users_calendar() -> None:
    late = replace(token("1", 0), expiry=Expiry(datetime(2026, 6, 8, 23, 30, tzinfo=UTC)))
    last = date(2026, 5, 31)
    assert digest_of([late], NOW, LEADS, last, UTC).counts == ((7, 1),)
    assert digest_of([late], NOW, LEADS, last, timezone(timedelta(hours=2))).counts == ()


def test_without_lead_times_only_what_is_over_is_told() -> None:
    assert digest(token("1", 1), token("2", -2), leads=()).token_ids == {"2"}


@given(
    st.lists(st.integers(-60, 400), max_size=8),
    st.sets(st.integers(0, 60), max_size=5),
    st.lists(st.integers(0, 420), min_size=1, max_size=12, unique=True),
)
def test_however_seldom_the_program_runs_each_passing_is_told_once(
    ends: list[int], leads: set[int], visits: list[int]
) -> None:
    tokens = [token(str(n), days) for n, days in enumerate(ends)]
    told: dict[str, list[int]] = {each.id: [] for each in tokens}
    last = None
    for visit in sorted(visits):
        found = digest(*tokens, on=visit, last=last, leads=tuple(leads))
        assert sum(count for _lead, count in found.counts) == len(found.token_ids)
        for id in found.token_ids:
            told[id].append(visit)
        last = visit if found.counts else last
    for each, days in zip(tokens, ends, strict=True):
        assert len(told[each.id]) <= len(leads) + 1
        assert bool(told[each.id]) == (days - max(visits) <= max({OVER, *leads}))
