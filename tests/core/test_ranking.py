"""The order in which a few typed words find tokens."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from partner_tokens.core.ranking import HALF_LIFE, Ranking, weight_after_use
from partner_tokens.core.tokens import ApiToken, Organization

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
ENDPOINT = "https://console.navigator.vmware.com"


def token(organization: str, name: str = "build", *, days_ago: float | None = None,
          weight: float = 1.0, pinned: bool = False) -> ApiToken:  # fmt: skip
    used = None if days_ago is None else NOW - timedelta(days=days_ago)
    return ApiToken(
        f"{organization}-{name}",
        Organization(organization),
        name,
        ENDPOINT,
        NOW,
        pinned=pinned,
        last_used_at=used,
        use_weight=0.0 if used is None else weight,
    )


def names(tokens: list[ApiToken], typed: str = "", most: int = 50) -> list[str]:
    found, _count = Ranking(tokens, NOW).find(typed, most)
    return [one.organization.name for one in found]


def test_with_nothing_typed_what_was_used_lately_comes_first_then_pinned_then_by_name() -> None:
    tokens = [
        token("Zeta"),
        token("Adatum"),
        token("Wingtip", pinned=True),
        token("Contoso", days_ago=3),
        token("Fabrikam", days_ago=1),
    ]
    assert names(tokens) == ["Fabrikam", "Contoso", "Wingtip", "Adatum", "Zeta"]


def test_what_is_used_every_day_comes_before_what_was_used_once_an_hour_ago() -> None:
    weight = 0.0
    used = None
    for day in range(10, 0, -1):
        weight = weight_after_use(weight, used, NOW - timedelta(days=day))
        used = NOW - timedelta(days=day)
    daily = replace(token("Daily"), last_used_at=used, use_weight=weight)
    once = token("Once", days_ago=1 / 24)
    assert names([once, daily]) == ["Daily", "Once"]


def test_a_use_counts_half_after_its_half_life() -> None:
    assert weight_after_use(1.0, NOW - HALF_LIFE, NOW) == 1.5
    assert weight_after_use(5.0, None, NOW) == 1.0
    assert weight_after_use(1.0, NOW + HALF_LIFE, NOW) == 2.0  # a clock that was set back


def test_a_name_that_begins_so_comes_first_whatever_is_used_more() -> None:
    tokens = [
        token("Alto Conto", days_ago=0),
        token("Contoso"),
        token("Recontor", days_ago=0, weight=9),
    ]
    assert names(tokens, "conto") == ["Contoso", "Alto Conto", "Recontor"]


def test_every_word_must_occur_without_case_and_accents() -> None:
    tokens = [token("Café Norte", "deploy"), token("Café Sur", "build")]
    assert names(tokens, "CAFE depl") == ["Café Norte"]
    assert names(tokens, "cafe xyz") == []


def test_only_so_many_are_given_and_all_are_counted() -> None:
    tokens = [token(f"Org {n:03}") for n in range(120)]
    found, count = Ranking(tokens, NOW).find("org", 50)
    assert (len(found), count) == (50, 120)
    assert [one.organization.name for one in found[:2]] == ["Org 000", "Org 001"]


@given(st.text(), st.lists(st.text(min_size=1), max_size=5))
def test_whatever_is_typed_finds_what_holds_every_word(
    typed: str, organizations: list[str]
) -> None:
    tokens = [token(name, str(n)) for n, name in enumerate(organizations)]
    found, count = Ranking(tokens, NOW).find(typed, 50)
    assert len(found) == count <= len(tokens)
