"""The connectivity ladder in words: one rung, one next step, a report for support."""

import platform
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QSysInfo, qVersion

from partner_tokens import __version__
from partner_tokens.core.diagnosis import Outcome, Step
from partner_tokens.core.language import _
from partner_tokens.core.tokens import host_of
from partner_tokens.core.wording import span_words

if TYPE_CHECKING:
    from partner_tokens.core.diagnosis import Ladder, Rung

AGREES_WITHIN = 2
"""Seconds: an HTTP date has whole ones, so less is no difference."""


def step_name(step: Step) -> str:
    """What a rung is called."""
    return {
        Step.PROXY: _("Proxy"),
        Step.DNS: _("Host name (DNS)"),
        Step.TCP: _("Connection (TCP)"),
        Step.TLS: _("Encryption (TLS)"),
        Step.HTTP: _("Service (HTTP)"),
        Step.CLOCK: _("Clock"),
    }[step]


def outcome_word(outcome: Outcome) -> str:
    """How a rung held."""
    return {
        Outcome.OK: _("ok"),
        Outcome.WARNING: _("warning"),
        Outcome.FAILED: _("failed"),
        Outcome.SKIPPED: _("not tried"),
    }[outcome]


def elapsed_words(elapsed: timedelta) -> str:
    """How long a rung took: `12 ms`; empty if no time was taken."""
    if not elapsed:
        return ""
    milliseconds = round(elapsed.total_seconds() * 1000)
    return _("{count} ms").format(count=milliseconds) if milliseconds else _("under 1 ms")


def fact_words(rung: "Rung", ladder: "Ladder") -> str:
    """What was found, or why nothing was."""
    if rung.outcome is Outcome.SKIPPED:
        return _skipped_words(rung, ladder)
    if rung.outcome is Outcome.FAILED:
        title = rung.error.title if rung.error else ""
        return " ".join(part for part in (title, _found(rung)) if part)
    return _found(rung)


def _found(rung: "Rung") -> str:
    match rung.stage:
        case Step.PROXY if not rung.fact:
            return "" if rung.outcome is Outcome.FAILED else _("none, straight to the host")
        case Step.TLS:
            return _certificate_words(rung.fact)
        case Step.HTTP if rung.fact:
            return _("answered with status {status}").format(status=rung.fact)
        case Step.CLOCK:
            return offset_words(rung)
        case _:
            return rung.fact


def _skipped_words(rung: "Rung", ladder: "Ladder") -> str:
    failed = ladder.failed
    if failed is not None and list(Step).index(failed.stage) < list(Step).index(rung.stage):
        return ""
    match rung.stage:
        case Step.TLS if ladder.endpoint.startswith("http:"):
            return _("plain HTTP, which never leaves this computer")
        case Step.TLS:
            return _("made inside the connection to the proxy")
        case Step.CLOCK:
            return _("the answer did not tell the time")
        case _:
            return ""


def _certificate_words(fact: str) -> str:
    """The diagnosis gives `TLSv1.3, issuer, 2027-01-31`; an untrusted one has no version."""
    head, _comma, until = fact.rpartition(", ")
    if not head:
        return fact
    version, _comma, issuer = head.partition(", ") if head.startswith("TLS") else ("", "", head)
    told = _("issued by {issuer}, valid until {date}").format(issuer=issuer, date=until)
    return f"{version}, {told}" if version else told


def offset_words(rung: "Rung") -> str:
    """Our clock against the service's; the diagnosis gives `+90 s`, theirs less ours."""
    seconds = float(rung.fact.split()[0])
    if abs(seconds) < AGREES_WITHIN:
        return _("agrees with the service's")
    span = span_words(timedelta(seconds=abs(seconds)))
    if seconds > 0:
        return _("this computer's clock is {span} behind").format(span=span)
    return _("this computer's clock is {span} ahead").format(span=span)


def rung_sentence(rung: "Rung", ladder: "Ladder") -> str:
    """A rung as it is read aloud."""
    parts = [f"{step_name(rung.stage)}: {outcome_word(rung.outcome)}"]
    parts += [part for part in (fact_words(rung, ladder), elapsed_words(rung.elapsed)) if part]
    return ", ".join(part.rstrip(".") for part in parts) + "."


def verdict(ladder: "Ladder") -> tuple[str, str, str, str]:
    """Tone, icon, what it comes to, and the one next step."""
    failed = ladder.failed
    if failed is not None and failed.error is not None:
        title = _("The way ends here: {step}").format(step=step_name(failed.stage))
        return "over", "cross-circle", title, failed.error.hint
    for rung in ladder.rungs:
        if rung.outcome is Outcome.WARNING:
            words = offset_words(rung)
            hint = _(
                "Let the computer set its clock by itself: certificates and countdowns need it."
            )
            return "urgent", "warning", _("Reachable, but {warning}.").format(warning=words), hint
    title = _("{host} can be reached.").format(host=host_of(ladder.endpoint))
    return "fine", "check-circle", title, _("Nothing to do.")


def report(ladder: "Ladder") -> str:
    """Plain text for support: no token, no header, no user, no name of this computer."""
    system = f"{QSysInfo.prettyProductName()}, {QSysInfo.currentCpuArchitecture()}"
    lines = [
        f"Partner Tokens {__version__}",
        f"{system}, Python {platform.python_version()}, Qt {qVersion()}",
        "",
        _("Endpoint: {endpoint}").format(endpoint=ladder.endpoint),
        _("Checked: {time} UTC").format(time=f"{ladder.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"),
        "",
    ]
    width = max(len(step_name(step)) for step in Step) + 2
    for rung in ladder.rungs:
        facts = (fact_words(rung, ladder), elapsed_words(rung.elapsed))
        told = " · ".join(fact for fact in (outcome_word(rung.outcome), *facts) if fact)
        lines.append(f"{step_name(rung.stage):<{width}}{told}")
    _tone, _icon, title, hint = verdict(ladder)
    lines += ["", f"{title} {hint}"]
    failed = ladder.failed
    if failed is not None and failed.error is not None and failed.error.details:
        lines.append(_("Details: {details}").format(details=failed.error.details))
    return "\n".join(lines) + "\n"
