"""The words of the details: each event, each role, each source of a date."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from partner_tokens.core.events import REVOKED, SUPERSEDED, Entry, Event
from partner_tokens.core.formats import Format
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.tokens import Particulars
from partner_tokens.ui.history_words import MARKS, below_words, event_words
from partner_tokens.ui.role_words import MOST_LINES, role_lines
from partner_tokens.ui.token_facts import (
    access_facts,
    note_facts,
    particulars_facts,
    token_facts,
)
from ui.samples import NOW, access_token, api_token


def words(event: Event, detail: str = "") -> str:
    return event_words(Entry(event, NOW, detail))


@pytest.mark.parametrize("event", Event)
def test_every_event_has_words_and_an_icon(event: Event) -> None:
    assert words(event)
    assert event in MARKS


def test_details_are_told_in_words() -> None:
    assert words(Event.COPIED, "curl") == "Copied: curl for bash"
    assert words(Event.HANDED_OUT, "header").endswith("Header csp-auth-token")
    assert words(Event.UNREACHABLE, "dns") == "Not reached: Host not found"
    assert words(Event.EDITED, "name expiry") == "Edited: name, expiry"
    assert words(Event.MOVED, "Coho") == "Moved here from Coho"
    assert words(Event.REMOVED, SUPERSEDED) == "Removed: a new token took its place"
    assert words(Event.REMOVED, REVOKED) == "Revoked in the portal, and removed"


def test_a_detail_of_a_newer_version_is_shown_as_it_is_or_left_out() -> None:
    assert words(Event.COPIED, "yaml") == "Copied: yaml"
    assert words(Event.UNREACHABLE, "teapot") == "Not reached: Answer not usable"
    assert words(Event.EDITED, "name aura") == "Edited: name"


@pytest.mark.parametrize("form", Format)
def test_every_format_is_known_by_its_label(form: Format) -> None:
    assert words(Event.COPIED, form.value) != f"Copied: {form.value}"


def test_the_line_below_says_when_how_often_and_under_which_id() -> None:
    entry = Entry(Event.REFUSED, NOW, "", "r-1", NOW - timedelta(days=1), 3)
    assert below_words(entry, UTC) == (
        "Mon 1 Jun 2026, 12:00 UTC · 3 times since Sun 31 May 2026, 12:00 UTC · request r-1"
    )
    same_second = Entry(Event.REFUSED, NOW, times=2)
    assert below_words(same_second, UTC) == "Mon 1 Jun 2026, 12:00 UTC · 2 times"


def test_roles_are_grouped_and_said_in_words_where_they_are_known() -> None:
    roles = (
        "external/1f/vmc:admin",
        "csp:org_owner",
        "csp:unheard_of",
        "external/2a/vmc:viewer",
        "msp:provider_admin",
    )
    assert role_lines(roles) == (
        "organization owner",
        "provider administrator",
        "vmc: admin, viewer",
        "csp:unheard_of",
    )


def test_more_roles_than_there_is_room_for_are_counted() -> None:
    lines = role_lines((f"role-{n}" for n in range(MOST_LINES + 5)), more=7)
    assert len(lines) == MOST_LINES + 1
    assert lines[-1] == "and 12 more"


def test_the_source_of_a_date_is_said() -> None:
    token = api_token("t1")
    assert dict(token_facts(token, NOW))["Source"] == "typed by you"
    told = replace(token, expiry_told=True)
    assert dict(token_facts(told, NOW))["Source"] == "from the service"
    unknown = replace(token, expiry=Expiry.unknown())
    assert dict(token_facts(unknown, NOW))["Source"] == ""
    assert dict(token_facts(unknown, NOW))["Ends"] == "Nobody has said when this API token ends."


def test_what_the_service_said_is_shown_as_far_as_it_said_it() -> None:
    token = api_token("t1")
    assert particulars_facts(token, NOW) == ()
    made = datetime(2026, 1, 1, tzinfo=UTC)
    said = dict(particulars_facts(replace(token, particulars=Particulars(NOW, "ci", made)), NOW))
    assert said["Name there"] == "ci"
    assert "Jan 2026" in said["Made"]
    assert said["Last used anywhere"] == ""


def test_an_access_token_that_does_not_say_its_end_is_told_as_assumed() -> None:
    sure, unsure = access_token(12), replace(access_token(12), assumed=True)
    assert dict(access_facts(sure, NOW))["Life left"] == "12:00 of 30 minutes"
    assert dict(access_facts(unsure, NOW))["Life left"] == "12:00, assumed: it does not say"
    assert dict(access_facts(None, NOW)) == {"At hand": "None. It is fetched when you copy."}


def test_notes_are_told_apart() -> None:
    token = api_token("t1", note="Mine")
    token = replace(token, organization=replace(token.organization, note="Theirs"))
    assert dict(note_facts(token)) == {"Organization": "Theirs", "Token": "Mine"}
