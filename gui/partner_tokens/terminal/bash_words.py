"""A line of bash up to the cursor: its words without their quotes, and words put into it."""

import re
from dataclasses import dataclass, field

from partner_tokens.core.tokens import folded

SAFE = re.compile(r"[\w.,/+%@:=^-]")
"""What bash reads as itself outside of quotes, at whatever place in a word."""
BLANKS = " \t\n"
"""What bash tells words apart by; other blanks, as one that does not break, are letters to it."""


@dataclass
class BashLine:
    """`words` behind the program's name, and `current`, the one at the cursor, maybe empty.

    bash completes not that whole word but the part behind the last of `breaks`, its word breaks,
    or behind quotes that are open.
    """

    line: str
    breaks: str
    words: list[str] = field(default_factory=list)
    current: str = ""
    _quote: str = ""
    """Which quotes are open at the cursor."""
    _kept: int = 0
    """How many characters of `current` stay as they are on the line."""

    def __post_init__(self) -> None:
        word: str | None = None
        at = kept = 0
        quote = ""
        while at < len(self.line):
            c = self.line[at]
            at += 1
            if c == "\\" and quote != "'":
                following = self.line[at : at + 1]
                at += 1
                plain = quote == '"' and following not in '"\\$`'
                word = (word or "") + (c if plain else "") + following
            elif quote:
                if c == quote:
                    quote = ""
                else:
                    word = (word or "") + c
            elif c in "\"'":
                quote, word = c, word or ""
                kept = len(word)
            elif c in BLANKS:
                if word is not None:
                    self.words.append(word)
                word, kept = None, 0
            else:
                word = (word or "") + c
                if c in self.breaks:
                    kept = len(word)
        self.words = self.words[1:] if word is not None or self.words else []
        self.current, self._quote, self._kept = word or "", quote, kept

    def _kept_of(self, word: str) -> int:
        """How many characters of an offered word stand there: `strasse:` is all of `Straße:`."""
        kept = folded(self.current[: self._kept])
        lengths = range(len(word) + 1)
        return next((n for n in lengths if folded(word[:n]) == kept), self._kept)

    def inserted(self, word: str) -> str:
        """The word as bash is to write it in the place of what it completes."""
        rest = word[self._kept_of(word) :]
        if self._quote == "'":
            return rest.replace("'", "'\\''")
        if self._quote == '"':
            escaped = re.sub(r'(["\\$`])', r"\\\1", rest)
            return escaped.replace("!", '"\\!"')  # in quotes it calls an earlier command
        return "".join(c if SAFE.match(c) else f"\\{c}" for c in rest)
