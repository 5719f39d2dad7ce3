"""The rungs of the ladder in words."""

from datetime import UTC, datetime, timedelta

import pytest

from partner_tokens.core.errors.service import Unreachable
from partner_tokens.core.ladder import Ladder, Outcome, Rung, Step
from partner_tokens.core.rungs import (
    elapsed_words,
    fact_words,
    offset_words,
    outcome_word,
    step_name,
)
from partner_tokens.core.stages import Stage

HOST = "console.navigator.vmware.com"
AT = datetime(2026, 6, 1, tzinfo=UTC)


def ladder(*rungs: Rung, endpoint: str = f"https://{HOST}") -> Ladder:
    return Ladder(endpoint, AT, rungs)


def words(rung: Rung, *others: Rung, endpoint: str = f"https://{HOST}") -> str:
    return fact_words(rung, ladder(*others, rung, endpoint=endpoint))


def test_every_step_and_outcome_has_a_name_of_its_own() -> None:
    assert len({step_name(step) for step in Step}) == len(Step)
    assert len({outcome_word(outcome) for outcome in Outcome}) == len(Outcome)


@pytest.mark.parametrize(
    ("elapsed", "said"),
    [(0, ""), (0.0002, "under 1 ms"), (0.012, "12 ms"), (5, "5000 ms")],
)
def test_how_long_a_rung_took(elapsed: float, said: str) -> None:
    assert elapsed_words(timedelta(seconds=elapsed)) == said


@pytest.mark.parametrize(
    ("step", "fact", "said"),
    [
        (Step.PROXY, "", "none, straight to the host"),
        (Step.PROXY, "http://proxy:3128", "http://proxy:3128"),
        (Step.DNS, "192.0.2.1, 192.0.2.2", "192.0.2.1, 192.0.2.2"),
        (Step.TLS, "TLSv1.3, Example CA, 2027-01-31",
         "TLSv1.3, issued by Example CA, valid until 2027-01-31"),
        (Step.TLS, "TLS Inspection, CA 2, 2027-01-31",
         "issued by TLS Inspection, CA 2, valid until 2027-01-31"),
        (Step.TLS, "TLSv1.3, , 2027-01-31", "TLSv1.3, valid until 2027-01-31"),
        (Step.TLS, "TLSv1.3", "TLSv1.3"),
        (Step.HTTP, "200", "answered with status 200"),
        (Step.CLOCK, "+0 s", "agrees with the service's"),
        (Step.CLOCK, "+90 s", "this computer's clock is 2 min behind"),
        (Step.CLOCK, "-7200 s", "this computer's clock is 2 hours ahead"),
    ],
)  # fmt: skip
def test_what_was_found_is_told(step: Step, fact: str, said: str) -> None:
    assert words(Rung(step, Outcome.OK, fact)) == said


def test_a_clock_that_is_wrong_is_a_warning_with_the_same_words() -> None:
    rung = Rung(Step.CLOCK, Outcome.WARNING, "+300 s")
    assert words(rung) == offset_words(rung) == "this computer's clock is 5 min behind"


def test_a_rung_that_failed_says_why_and_what_was_seen() -> None:
    error = Unreachable(HOST, Stage.TLS, cause="Zscaler")
    rung = Rung(Step.TLS, Outcome.FAILED, "Zscaler, 2027-01-31", error=error)
    assert words(rung) == f"{error.title} issued by Zscaler, valid until 2027-01-31"
    assert words(Rung(Step.PROXY, Outcome.FAILED)) == ""


def test_rungs_above_the_one_that_failed_need_no_reason() -> None:
    failed = Rung(Step.DNS, Outcome.FAILED)
    assert words(Rung(Step.TCP, Outcome.SKIPPED), failed) == ""
    assert words(Rung(Step.CLOCK, Outcome.SKIPPED), failed) == ""


def test_a_rung_that_was_left_out_for_another_reason_tells_it() -> None:
    tls = Rung(Step.TLS, Outcome.SKIPPED)
    assert "plain HTTP" in words(tls, endpoint="http://127.0.0.1:8080")
    assert "proxy" in words(tls)
    assert "did not tell the time" in words(Rung(Step.CLOCK, Outcome.SKIPPED))
    assert words(Rung(Step.DNS, Outcome.SKIPPED)) == ""
