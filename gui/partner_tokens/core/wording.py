"""Instants, lifetimes and results in words: for the window and for the terminal alike."""

from datetime import datetime, timedelta, tzinfo

from partner_tokens.core.errors import Stage
from partner_tokens.core.formats import Format
from partner_tokens.core.language import _, _n
from partner_tokens.core.lifetime import Band, Expiry
from partner_tokens.core.tokens import ApiToken, State

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONTH = timedelta(days=30.44)
YEAR = timedelta(days=365.25)


def long_span(span: timedelta) -> str:
    """Roughly how long: years above 24 months, months above 60 days, then days, hours, minutes."""
    for unit, above, words in (
        (YEAR, 2 * YEAR, lambda n: _n("{count} year", "{count} years", n)),
        (MONTH, 60 * DAY, lambda n: _n("{count} month", "{count} months", n)),
        (DAY, 2 * DAY, lambda n: _n("{count} day", "{count} days", n)),
        (HOUR, 2 * HOUR, lambda n: _n("{count} hour", "{count} hours", n)),
    ):
        if span >= above:
            count = span // unit
            return words(count).format(count=count)
    count = max(span // MINUTE, 0)
    if not count:
        return _("less than a minute")
    return _n("{count} minute", "{count} minutes", count).format(count=count)


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
    """The exact local date, time and zone; `zone` is the machine's own where it is None."""
    if expiry.never:
        return _("This API token has no end.")
    if expiry.at is None:
        return _("Nobody has said when this API token ends.")
    return _exact(expiry.at, zone)


def _exact(at: datetime, zone: tzinfo | None) -> str:
    local = at.astimezone(zone)
    offset = local.strftime("%z")
    return f"{local:%Y-%m-%d, %H:%M} {local.tzname()} (UTC{offset[:3]}:{offset[3:5]})"


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


def stage_words(stage: Stage | None) -> str:
    """Where the way to the service ended, in few words."""
    match stage:
        case Stage.PROXY:
            return _("Stopped by the proxy")
        case Stage.DNS:
            return _("Host not found")
        case Stage.TCP:
            return _("No connection")
        case Stage.TLS:
            return _("Certificate not trusted")
        case Stage.TIMEOUT:
            return _("No answer in time")
        case Stage.HTTP:
            return _("Service in trouble")
        case _:
            return _("Answer not usable")


def when_words(at: datetime | None, now: datetime, zone: tzinfo | None = None) -> str:
    """When something last happened: `just now`, `2 min ago`, `yesterday`, `12 Nov`, `never`."""
    if at is None:
        return _("never")
    past = now - at
    if past < MINUTE:
        return _("just now")
    if past < HOUR:
        return _("{count} min ago").format(count=past // MINUTE)
    then, today = at.astimezone(zone), now.astimezone(zone)
    if then.date() == today.date():
        return _("today {time}").format(time=clock_words(at, zone))
    if then.date() == (today - DAY).date():
        return _("yesterday")
    if then.year == today.year:
        return f"{then.day} {month_name(then.month)}"
    return f"{then.day} {month_name(then.month)} {then.year}"


def month_name(month: int) -> str:
    """A month's short name, 1 to 12."""
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
    )[month - 1]


def clock_words(at: datetime, zone: tzinfo | None = None) -> str:
    """The local time of day: `14:32`."""
    return f"{at.astimezone(zone):%H:%M}"


def countdown(left: timedelta) -> str:
    """Minutes and seconds: `27:44`; never below `0:00`."""
    seconds = max(int(left.total_seconds()), 0)
    return f"{seconds // 60}:{seconds % 60:02d}"


def span_words(span: timedelta) -> str:
    """A short span: `45 s`, `28 min`, `3 hours`."""
    seconds = round(max(span, timedelta(0)).total_seconds())
    if seconds < 60:
        return _("{count} s").format(count=seconds)
    if seconds < 7200:
        return _("{count} min").format(count=seconds // 60)
    return long_span(span)


def row_sentence(token: ApiToken, access_left: timedelta | None, now: datetime) -> str:
    """A whole row as it is read aloud."""
    parts = [token.organization.name, token.name]
    if token.pinned:
        parts.append(_("pinned"))
    if token.expiry.never:
        parts.append(_("API token never expires"))
    elif token.expiry.at is None:
        parts.append(_("expiry unknown"))
    elif token.expiry.at > now:
        parts.append(_("expires {when}").format(when=expiry_words(token.expiry, now)))
    else:
        parts.append(_("expired {when}").format(when=expiry_words(token.expiry, now)))
    if token.expiry.band(now) in {Band.URGENT, Band.SOON}:
        parts.append(_("warning"))
    if access_left is not None and access_left > timedelta(0):
        parts.append(_("access token {span} left").format(span=long_span(access_left)))
    parts.append(result_words(token.result.state, token.result.stage))
    return ", ".join(parts)


def format_label(form: Format) -> str:
    """What a menu calls a format."""
    return {
        Format.TOKEN: _("Access token only"),
        Format.HEADER: _("Header csp-auth-token"),
        Format.BEARER: _("Header Authorization: Bearer"),
        Format.CURL: _("curl for bash"),
        Format.CURL_CMD: _("curl.exe for cmd"),
        Format.POWERSHELL: _("PowerShell"),
        Format.HTTPIE: _("HTTPie"),
        Format.PYTHON: _("Python requests"),
        Format.ENV_BASH: _("Variable for bash"),
        Format.ENV_POWERSHELL: _("Variable for PowerShell"),
        Format.ENV_CMD: _("Variable for cmd"),
    }[form]
