"""The connectivity ladder in words: one rung, one next step, a report for support."""

import platform
from datetime import UTC
from typing import TYPE_CHECKING

from PySide6.QtCore import QSysInfo, qVersion

from partner_tokens import __version__
from partner_tokens.core.ladder import Outcome, Step
from partner_tokens.core.language import _
from partner_tokens.core.rungs import (
    elapsed_words,
    fact_words,
    offset_words,
    outcome_word,
    step_name,
)
from partner_tokens.core.tokens import host_of

if TYPE_CHECKING:
    from partner_tokens.core.ladder import Ladder, Rung


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
