"""The shortest way to a header: the running window has it at hand, and nothing else is loaded.

Whatever is not as plain as that is left to the long way, which knows all options and all errors.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from partner_tokens.core.errors import AppError
from partner_tokens.core.instance import ask, is_running

FORMS = {"header": "header", "token": "token"}
"""The commands, and the format of each where none is named."""


def handed_out(arguments: Sequence[str]) -> bool:
    """Prints what the window has at hand for these arguments; False where nothing is done."""
    plain = _plain(arguments)
    if plain is None:
        return False
    profile, form, words = plain
    try:
        folder = _data_folder(profile)
        if not is_running(folder):
            return False
        answer = ask(folder, {"do": "hand out", "words": words, "form": form})
        match answer:
            case {"answer": "text", "text": str(text)} if text.isascii():
                _write(f"{text}{os.linesep}".encode())
                return True
    except (AppError, OSError):  # told by the long way, where it meets the same
        pass
    return False


def _plain(arguments: Sequence[str]) -> tuple[str | None, str, list[str]] | None:
    """Profile, format and words; None for anything that takes more than a glance to read."""
    profile, command, form = None, "", ""
    values: list[str] = []
    words: list[str] = []
    at_words = 0
    rest = iter(arguments)
    for place, argument in enumerate(rest):
        if argument == "--profile":
            profile = next(rest, "")
            values.append(profile)
        elif argument == "--format" and command == "header":
            form = next(rest, "")
            values.append(form)
        elif argument.startswith("-") or not argument:
            return None
        elif not command:
            command = argument
        elif words and place != at_words + 1:  # words in two places are not taken
            return None
        else:
            words.append(argument)
            at_words = place
    if command not in FORMS or not words or any(n.startswith("-") or not n for n in values):
        return None
    return profile, form or FORMS[command], words


def _data_folder(profile: str | None) -> Path:
    from partner_tokens.core.profile import default_profile, profile_under

    return (default_profile() if profile is None else profile_under(Path(profile))).data


def _write(content: bytes) -> None:
    """Past Python's own buffer, which would write it once more after a failure."""
    while content:
        content = content[os.write(1, content) :]
