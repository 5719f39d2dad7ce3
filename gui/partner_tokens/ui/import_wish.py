"""What an import is to store, and where the same tokens lie besides."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from partner_tokens.ui.pasted import Pasted

if TYPE_CHECKING:
    from partner_tokens.core.corrections import Remembered
    from partner_tokens.core.intake import Row


@dataclass(frozen=True, slots=True)
class Wish:
    """All chosen rows, to be stored together."""

    rows: "tuple[Row, ...]"
    files: tuple[str, ...]
    """Names of the files that hold them in plain text; none where they were pasted."""
    pasted: Pasted
    left_out: int
    """How many rows were found that are not stored afterwards."""
    paths: tuple[Path, ...]
    """The files that were read, encrypted ones among them; none where it was pasted."""
    is_read: bool
    """Whether no column that is not used looks like tokens."""
    was_encrypted: bool
    """Whether some of them came out of an encrypted file."""
    remembered: "Remembered"
    """How the rows were left that are not to be stored."""

    @property
    def is_whole(self) -> bool:
        """Whether every token that was found is stored afterwards."""
        return self.is_read and not self.left_out
