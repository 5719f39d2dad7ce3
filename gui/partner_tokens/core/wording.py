"""Instants, lifetimes and results in words: for the window and for the terminal alike."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import assert_never

from partner_tokens.core.events import REVOKED, SUPERSEDED
from partner_tokens.core.formats import Form, Format, Template
from partner_tokens.core.instants import local, local_day
from partner_tokens.core.kind_words import expiry_source
from partner_tokens.core.language import _, _n
from partner_tokens.core.lifetime import Band, Expiry
from partner_tokens.core.marks import colour_word, production_word
from partner_tokens.core.stages import Stage
from partner_tokens.core.tokens import ApiToken, Organization, State

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_NAMED, LONGEST_NAMED = 5, 40

MONTH, YEAR = timedelta(days=30.44), timedelta(days=365.25)

# ---- lengths of time --------------------------------------------------------------------------


def long_span(span: timedelta) -> str:
    """Roughly how long: years from 24 months on, months from 60 days on, then days, hours, minutes.

    Days from 2 days on, hours from 2 hours on, rounded: what was typed as 6 months reads as 6
    months a minute later.
    """
    span = max(span, timedelta(0))
    reached = span + MINUTE
    if reached >= 2 * YEAR:
        count = round(span / YEAR)
        words = _n("{count} year", "{count} years", count)
    elif reached >= 60 * DAY:
        count = round(span / MONTH)
        words = _n("{count} month", "{count} months", count)
    elif reached >= 2 * DAY:
        count = round(span / DAY)
        words = _n("{count} day", "{count} days", count)
    elif reached >= 2 * HOUR:
        count = round(span / HOUR)
        words = _n("{count} hour", "{count} hours", count)
    elif span >= MINUTE:
        count = round(span / MINUTE)
        words = _n("{count} minute", "{count} minutes", count)
    else:
        return _("less than a minute")
    return words.format(count=count)


def span_words(span: timedelta) -> str:
    """A short span in short: `45 s`, `28 min`, `3 hours`."""
    seconds = round(max(span, timedelta(0)) / SECOND)
    if seconds < 60:
        return _n("{count} s", "{count} s", seconds).format(count=seconds)
    if seconds < 7200:
        minutes = round(seconds / 60)
        return _n("{count} min", "{count} min", minutes).format(count=minutes)
    return long_span(span)


def countdown(left: timedelta) -> str:
    """Minutes and seconds: `27:44`; never below `0:00`."""
    seconds = max(int(left.total_seconds()), 0)
    return f"{seconds // 60}:{seconds % 60:02d}"


# ---- instants ---------------------------------------------------------------------------------


def expiry_words(expiry: Expiry, now: datetime) -> str:
    """When an API token ends, seen from now: `in 5 months`, `4 days ago`, `never`, `unknown`."""
    if expiry.never:
        return _("never")
    if expiry.at is None:
        return _("unknown")
    if expiry.at > now:
        return _("in {span}").format(span=long_span(expiry.at - now))
    return _("{span} ago").format(span=long_span(now - expiry.at))


def expiry_exact(expiry: Expiry, zone: tzinfo | None = None) -> str:
    """When exactly an API token ends, see `exact`; or that it does not, or that nobody knows."""
    if expiry.never:
        return _("This API token has no end.")
    if expiry.at is None:
        return _("Nobody has said when this API token ends.")
    return exact(expiry.at, zone)


def exact(at: datetime, zone: tzinfo | None = None) -> str:
    """The local date, time and zone: `Tue 12 Jan 2027, 14:00 CET (UTC+01:00)`.

    `zone` is the machine's own where it is None. UTC itself is not told twice.
    """
    on_clock = local(at, zone)
    name, offset = on_clock.tzname(), on_clock.strftime("%z")
    words = _("{weekday} {date}, {time} {zone} (UTC{offset})")
    if name == "UTC":
        words = _("{weekday} {date}, {time} {zone}")
    return words.format(
        weekday=_weekday(on_clock),
        date=_date(on_clock),
        time=f"{on_clock:%H:%M}",
        zone=name,
        offset=f"{offset[:3]}:{offset[3:5]}",
    )


def when_words(at: datetime | None, now: datetime, zone: tzinfo | None = None) -> str:
    """When something last happened: `just now`, `2 min ago`, `yesterday`, `12 Nov`, `never`."""
    if at is None:
        return _("never")
    past = now - at
    if -MINUTE < past < MINUTE:
        return _("just now")
    if timedelta(0) < past < HOUR:
        count = past // MINUTE
        return _n("{count} min ago", "{count} min ago", count).format(count=count)
    days = local_day(now, zone) - local_day(at, zone)
    if not days:
        return _("today {time}").format(time=clock_words(at, zone))
    if days == DAY:
        return _("yesterday")
    return day_words(at, now, zone)


def removed_words(at: datetime, why: str, now: datetime) -> str:
    """When something was removed, and why, as its history says."""
    words = {REVOKED: _("{when}, revoked"), SUPERSEDED: _("{when}, replaced")}.get(why, "{when}")
    return words.format(when=when_words(at, now))


def day_words(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """The local day: `3 Dec`, with its year where that is not this one."""
    then, today = local_day(at, zone), local_day(now, zone)
    return _day(then) if then.year == today.year else _date(then)


def days_left_words(at: datetime, now: datetime) -> str:
    """When something will happen, in whole days begun: `in 30 days`, `in 1 day`, `soon`."""
    days = -((now - at) // DAY)
    if days <= 0:
        return _("soon")
    return _n("in {count} day", "in {count} days", days).format(count=days)


def clock_words(at: datetime, zone: tzinfo | None = None) -> str:
    """The local time of day: `14:32`."""
    return f"{local(at, zone):%H:%M}"


def _day(day: date) -> str:
    return _("{day} {month}").format(day=day.day, month=_month(day))


def _date(day: date) -> str:
    words = _("{day} {month} {year}")
    return words.format(day=day.day, month=_month(day), year=day.year)


def _month(day: date) -> str:
    return (
        _("Jan"),
        _("Feb"),
        _("Mar"),
        _("Apr"),
        _("May"),
        _("Jun"),
        _("Jul"),
        _("Aug"),
        _("Sep"),
        _("Oct"),
        _("Nov"),
        _("Dec"),
    )[day.month - 1]


def _weekday(day: date) -> str:
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return names[day.weekday()]


def expiry_labelled(token: ApiToken, zone: tzinfo | None = None) -> str:
    """As `expiry_exact`, with who says so."""
    words = expiry_exact(token.expiry, zone)
    if token.expiry == Expiry.unknown():
        return words
    return _("{end} ({source})").format(end=words, source=expiry_source(told=token.expiry_told))


# ---- results ----------------------------------------------------------------------------------


def result_words(state: State, stage: Stage | None = None) -> str:
    """How the last attempt ended, in few words."""
    match state:
        case State.READY:
            return _("Ready")
        case State.UNPROVEN:
            return _("Not proven yet")
        case State.REFUSED:
            return _("Refused by the service")
        case State.PASSCODE:
            return _("Wants a passcode")
        case State.UNREADABLE:
            return _("Unreadable: paste it again")
        case State.HELD:
            return _("Another organization's")
        case State.UNREACHABLE:
            return stage_words(stage)
    assert_never(state)


def stage_words(stage: Stage | None) -> str:
    """Where the way to the service ended, in few words."""
    match stage:
        case Stage.PROXY:
            return _("Proxy in the way")
        case Stage.DNS:
            return _("Host not found")
        case Stage.TCP:
            return _("No connection")
        case Stage.TLS:
            return _("No secure connection")
        case Stage.TIMEOUT:
            return _("No answer in time")
        case Stage.HTTP:
            return _("Service in trouble")
        case _:
            return _("Answer not usable")


def row_sentence(token: ApiToken, access_left: timedelta | None, now: datetime) -> str:
    """A whole row as it is read aloud."""
    parts = [token.organization.name, *mark_words(token.organization), token.name]
    if token.pinned:
        parts.append(_("pinned"))
    parts.append(_expiry_sentence(token, now))
    if token.expiry.band(now) in {Band.URGENT, Band.SOON}:
        parts.append(_("warning"))
    if access_left is not None and access_left > timedelta(0):
        parts.append(_("access token {span} left").format(span=long_span(access_left)))
    pause = pause_words(token.organization, now)
    if pause:
        parts.append(pause)
    parts.append(result_words(token.result.state, token.result.stage))
    return ", ".join(parts)


def mark_words(organization: Organization) -> list[str]:
    """The organization's colour and its production mark, as far as it bears them."""
    words = [colour_word(organization.colour)] if organization.colour else []
    return [*words, production_word()] if organization.production else words


def pause_words(organization: Organization, now: datetime, zone: tzinfo | None = None) -> str:
    """Until when the background leaves its tokens alone: `paused until 3 Dec`; else empty."""
    until = organization.paused_until
    if until is None or not organization.is_paused(now):
        return ""
    return _("paused until {day}").format(day=day_words(until, now, zone))


def named_with_mark(organization: Organization) -> str:
    """The organization's name, and whether it is production, where only text can say so."""
    if not organization.production:
        return organization.name
    return _("{organization} ({mark})").format(
        organization=organization.name, mark=production_word()
    )


def _expiry_sentence(token: ApiToken, now: datetime) -> str:
    expiry = token.expiry
    if expiry.never:
        return _("API token never expires")
    if expiry.at is None:
        return _("expiry unknown")
    words = _("expires {when}") if expiry.at > now else _("expired {when}")
    sentence = words.format(when=expiry_words(expiry, now))
    if not token.expiry_told:
        return sentence
    return _("{end} ({source})").format(end=sentence, source=expiry_source(told=True))


# ---- what runs out ----------------------------------------------------------------------------


def event_title(count: int) -> str:
    """What a calendar shows on a day on which so many API tokens run out."""
    return _n("{count} API token runs out", "{count} API tokens run out", count).format(count=count)


# ---- preferences ------------------------------------------------------------------------------


def useless_words(bad: Sequence[str], file_name: str) -> tuple[str, str]:
    """That these preferences were not usable, by their names; of the whole file, by its own."""
    named = [name[:LONGEST_NAMED] for name in bad[:MOST_NAMED]]
    names = ", ".join((*named, "…") if len(bad) > MOST_NAMED else named)
    title = _n("{count} preference is no use", "{count} preferences are no use", len(bad))
    if tuple(bad) == (file_name,):
        title = _("The file of preferences cannot be read")
    text = _("The usual choices hold instead of: {names}")
    return title.format(count=len(bad)), text.format(names=names)


# ---- formats ----------------------------------------------------------------------------------


def format_label(form: Form) -> str:  # noqa: C901  # a table, not logic
    """What a menu calls a format."""
    match form:
        case Template(name=name):
            return name
        case Format.TOKEN:
            return _("Access token only")
        case Format.HEADER:
            return _("Header csp-auth-token")
        case Format.BEARER:
            return _("Header Authorization: Bearer")
        case Format.CURL:
            return _("curl for bash")
        case Format.CURL_CMD:
            return _("curl.exe for cmd")
        case Format.POWERSHELL:
            return _("PowerShell")
        case Format.HTTPIE:
            return _("HTTPie")
        case Format.PYTHON:
            return _("Python requests")
        case Format.ENV_BASH:
            return _("Variable for bash")
        case Format.ENV_POWERSHELL:
            return _("Variable for PowerShell")
        case Format.ENV_CMD:
            return _("Variable for cmd")
    assert_never(form)
