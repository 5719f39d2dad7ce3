"""What is to be renewed, in which order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.renewal_queue import Cause, Round, counts, due, place_of
from partner_tokens.core.tokens import ApiToken, Organization, Result, State

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
CONTOSO = Organization("Contoso", "org-contoso", 1)
FABRIKAM = Organization("Fabrikam", "org-fabrikam", 2)
ALPINE = Organization("Alpine", "org-alpine", 3)


def token(
    id: str,
    days: float | None,
    organization: Organization = CONTOSO,
    *,
    state: State = State.READY,
    endpoint: str = "https://a.example",
) -> ApiToken:
    expiry = Expiry.unknown() if days is None else Expiry(NOW + timedelta(days=days))
    return ApiToken(id, organization, id, endpoint, NOW, expiry, result=Result(state))


def ids(*tokens: ApiToken, days: int = 14, pending: tuple[str, ...] = ()) -> list[str]:
    return [one.token.id for one in due(tokens, NOW, days, pending, UTC)]


def test_what_is_refused_over_or_runs_out_in_time_is_due_and_nothing_else() -> None:
    found = due(
        [
            token("fine", 90),
            token("last day", 14.4),
            token("a day more", 14.6),
            token("over", -3),
            token("refused", 90, state=State.REFUSED),
            token("unknown", None),
            token("unreachable", 90, state=State.UNREACHABLE),
            replace(token("endless", None), expiry=Expiry.endless()),
            token("waits", 90),
        ],
        NOW,
        14,
        {"waits"},
        UTC,
    )
    assert {one.token.id: one.cause for one in found} == {
        "waits": Cause.PENDING,
        "refused": Cause.REFUSED,
        "over": Cause.OVER,
        "last day": Cause.SOON,
    }
    assert counts(found)[Cause.SOON] == 1


def test_each_is_counted_once_whatever_else_fits() -> None:
    both = token("both", -3, state=State.REFUSED)
    assert [one.cause for one in due([both], NOW, 14, (), UTC)] == [Cause.REFUSED]
    assert [one.cause for one in due([both], NOW, 14, {"both"}, UTC)] == [Cause.PENDING]


def test_the_tokens_of_one_organization_follow_each_other_the_nearest_end_first() -> None:
    assert ids(
        token("contoso late", 10),
        token("fabrikam", 3, FABRIKAM),
        token("contoso early", 1),
        token("alpine", 5, ALPINE),
    ) == ["contoso early", "contoso late", "fabrikam", "alpine"]


def test_another_endpoint_is_another_place_to_switch_in() -> None:
    there = "https://b.example"
    assert ids(
        token("a1", 1), token("b", 2, endpoint=there), token("a2", 3)
    ) == ["a1", "a2", "b"]  # fmt: skip


def test_what_waits_to_be_put_in_place_comes_first() -> None:
    assert ids(
        token("a", 1), token("b", 200, FABRIKAM), token("c", 3), pending=("b",)
    ) == ["b", "a", "c"]  # fmt: skip


def test_a_sitting_stays_where_it_is_until_nothing_is_left_there() -> None:
    early, late, alpine = token("early", 1), token("late", 10), token("alpine", 5, ALPINE)
    waits = token("waits", 90, FABRIKAM)
    sitting = Round(14)
    assert [one.token.id for one in sitting.left([alpine, late, early], NOW, ())] == [
        "early",
        "late",
        "alpine",
    ]
    sitting.here = place_of(early)
    sitting.finish("early", "new")
    left = sitting.left([alpine, late, token("new", 3, FABRIKAM), waits], NOW, {"waits"})
    assert [one.token.id for one in left] == ["waits", "late", "alpine"]
    sitting.skip("late")
    assert [one.token.id for one in sitting.left([alpine, late], NOW, ())] == ["alpine"]
    assert sitting.behind == 2
