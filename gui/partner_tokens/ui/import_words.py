"""What an import says of corrections and skips that it could not keep."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from partner_tokens.core.language import _, _n

if TYPE_CHECKING:
    from partner_tokens.core.corrections import Lost
    from partner_tokens.core.importing import Origin

MOST_LINES = 5


def unused_words(unused: "Sequence[Origin]") -> tuple[str, str]:
    """Title and text, where columns got other meanings; once for each correction."""
    title = _corrections(len(unused))
    lines = list(dict.fromkeys(str(origin.line) for origin in unused))
    told = ", ".join(lines[:MOST_LINES]) + ("…" if len(lines) > MOST_LINES else "")
    text = _n(
        "What was corrected is not used any more, in line {lines}. "
        "It is there again once its column is what it was.",
        "What was corrected is not used any more, in lines {lines}. "
        "It is there again once its column is what it was.",
        len(lines),
    )
    return title, text.format(lines=told)


def lost_words(lost: "Lost") -> tuple[str, str]:
    """Title and text, where the rest of a source is gone on with."""
    told = []
    if lost.corrections:
        told.append(_corrections(lost.corrections))
    if lost.skips:
        words = _n(
            "{count} skipped row was not found again.",
            "{count} skipped rows were not found again.",
            lost.skips,
        )
        told.append(words.format(count=lost.skips))
    if told:
        told.append(_("The source has changed since."))
    if lost.secrets:
        told.append(
            _("An API token pasted into a row is kept only until its window is closed. "
              "Paste it again.")
        )  # fmt: skip
    return _("Not everything is as you left it."), " ".join(told)


def _corrections(count: int) -> str:
    words = _n("{count} correction was not kept.", "{count} corrections were not kept.", count)
    return words.format(count=count)
