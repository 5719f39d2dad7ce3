"""A line of a token's history in words, with its icon and shade."""

from datetime import datetime, tzinfo

from partner_tokens.core.events import REVOKED, SUPERSEDED, Change, Entry, Event
from partner_tokens.core.formats import Format
from partner_tokens.core.language import _, _n
from partner_tokens.core.stages import Stage
from partner_tokens.core.wording import exact, format_label, stage_words

MARKS = {
    Event.PROVEN: ("check-circle", "fine"),
    Event.REFUSED: ("cross-circle", "over"),
    Event.PASSCODE: ("key", "soon"),
    Event.UNREACHABLE: ("offline", "urgent"),
    Event.HELD: ("warning", "over"),
    Event.ADDED: ("plus", "dim"),
    Event.IMPORTED: ("paste", "dim"),
    Event.EDITED: ("pencil", "dim"),
    Event.MOVED: ("pencil", "dim"),
    Event.REPLACED: ("refresh", "dim"),
    Event.COPIED: ("copy", "dim"),
    Event.HANDED_OUT: ("copy", "dim"),
    Event.DENIED: ("lock", "urgent"),
    Event.ASKED: ("question", "dim"),
    Event.REMOVED: ("trash", "dim"),
    Event.RESTORED: ("undo", "dim"),
    Event.OTHER: ("dot", "dim"),
}


def event_words(entry: Entry) -> str:
    """What happened, in a few words."""
    match entry.event:
        case Event.PROVEN:
            return _("Exchanged: the token works")
        case Event.REFUSED:
            return _("Refused by the service")
        case Event.PASSCODE:
            return _("A passcode was wanted")
        case Event.UNREACHABLE:
            return _("Not reached: {why}").format(why=stage_words(_stage(entry.detail)))
        case Event.HELD:
            return _("Held: it belongs to another organization")
        case Event.COPIED:
            return _("Copied: {form}").format(form=_form_words(entry.detail))
        case Event.HANDED_OUT:
            return _("Handed out by the terminal: {form}").format(form=_form_words(entry.detail))
        case Event.DENIED:
            return _("Not handed out to the terminal: it was locked")
        case _:
            return _deed_words(entry)


def _deed_words(entry: Entry) -> str:
    match entry.event:
        case Event.ADDED:
            return _("Added")
        case Event.IMPORTED:
            return _("Imported")
        case Event.EDITED:
            return _("Edited: {what}").format(what=_change_words(entry.detail))
        case Event.MOVED:
            return _("Moved here from {organization}").format(organization=entry.detail)
        case Event.REPLACED:
            return _("Replaced by a new token")
        case Event.ASKED if entry.detail:
            return _("The service told its particulars, and when it ends")
        case Event.ASKED:
            return _("The service told its particulars")
        case Event.REMOVED if entry.detail == REVOKED:
            return _("Revoked in the portal, and removed")
        case Event.REMOVED if entry.detail == SUPERSEDED:
            return _("Removed: a new token took its place")
        case Event.REMOVED:
            return _("Removed")
        case Event.RESTORED:
            return _("Brought back")
        case _:
            return _("Something that a newer version knows")


def below_words(entry: Entry, zone: tzinfo | None = None) -> str:
    """When it happened, how often, and the service's own number for it."""
    parts = [exact(entry.at, zone)]
    if entry.times > 1:
        parts.append(_often_words(entry.times, entry.since, zone))
    if entry.request_id:
        parts.append(_("request {id}").format(id=entry.request_id))
    return " · ".join(parts)


def _often_words(times: int, since: datetime | None, zone: tzinfo | None) -> str:
    words = _n("{count} time", "{count} times", times).format(count=times)
    if since is None:
        return words
    return _("{count} since {when}").format(count=words, when=exact(since, zone))


def _stage(detail: str) -> Stage | None:
    return Stage(detail) if detail in set(Stage) else None


def _form_words(detail: str) -> str:
    return format_label(Format(detail)) if detail in set(Format) else detail


def _change_words(detail: str) -> str:
    words = {
        Change.ORGANIZATION: _("the organization's name"),
        Change.NAME: _("name"),
        Change.ENDPOINT: _("endpoint"),
        Change.KIND: _("kind"),
        Change.EXPIRY: _("expiry"),
        Change.NOTE: _("note"),
        Change.PASSCODE: _("whether it wants a passcode"),
    }
    return ", ".join(words[Change(name)] for name in detail.split() if name in set(Change))
