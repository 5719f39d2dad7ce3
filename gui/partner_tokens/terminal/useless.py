"""What in the file of preferences is no use, said once beside the result."""

from functools import cache
from typing import TYPE_CHECKING

from partner_tokens.terminal.console import complain

if TYPE_CHECKING:
    from partner_tokens.parts import Parts


@cache
def say_useless(parts: "Parts") -> None:
    """Says it where the preferences were asked for at all: a list needs none."""
    if "loaded_preferences" not in parts.built:
        return
    bad = parts.loaded_preferences[1]
    if bad:
        from partner_tokens.core.wording import useless_words

        title, text = useless_words(bad, parts.profile.preferences_path.name)
        complain(f"{title}. {text}")
