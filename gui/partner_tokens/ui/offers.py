"""What is dropped or pasted: files, or a text that may hold tokens."""

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QMimeData

from partner_tokens.core.secret import Secret


@dataclass(frozen=True, slots=True)
class Offer:
    """Files, or else a text."""

    files: tuple[Path, ...] = ()
    text: Secret = field(default_factory=lambda: Secret(""))


def offer_in(data: QMimeData | None) -> Offer | None:
    """What the clipboard or a drag brings; None where it is neither files nor text."""
    if data is None:  # an empty clipboard has none on some platforms, whatever the stubs say
        return None
    files = tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
    if files:
        return Offer(files)
    text = data.text() if data.hasText() else ""
    return Offer(text=Secret(text)) if text and not text.isspace() else None
