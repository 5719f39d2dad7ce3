"""What an import has stored, and where the same tokens lie besides."""

from dataclasses import dataclass

from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui.pasted import Pasted


@dataclass(frozen=True, slots=True)
class Imported:
    """Told once all chosen rows are stored."""

    tokens: tuple[ApiToken, ...]
    files: tuple[str, ...]
    """Names of the files that hold them in plain text; none where they were pasted."""
    pasted: Pasted
    is_whole: bool
    """Whether every token that was found is stored now."""
    was_encrypted: bool
    """Whether some of them came out of an encrypted file."""
