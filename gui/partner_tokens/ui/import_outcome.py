"""What an import has stored, and where the same tokens lie besides."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui.pasted import Pasted

if TYPE_CHECKING:
    from partner_tokens.core.corrections import Remembered


@dataclass(frozen=True, slots=True)
class Imported:
    """Told once all chosen rows are stored."""

    tokens: tuple[ApiToken, ...]
    files: tuple[str, ...]
    """Names of the files that hold them in plain text; none where they were pasted."""
    pasted: Pasted
    left_out: int
    """How many rows were found that are not stored now."""
    paths: tuple[Path, ...]
    """The files that were read, encrypted ones among them; none where it was pasted."""
    was_encrypted: bool
    """Whether some of them came out of an encrypted file."""
    remembered: "Remembered"
    """How the rows were left that are not stored."""

    @property
    def is_whole(self) -> bool:
        """Whether every token that was found is stored now."""
        return not self.left_out
