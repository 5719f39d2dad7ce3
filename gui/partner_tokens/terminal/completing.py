"""What a shell offers while a command line is typed: commands, options, names that are stored.

The vault stays closed. A shell that asks has no place for words, so whatever goes wrong on the way
is no offer, and nothing else. The scripts in resources/completion/ are the other end.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from partner_tokens.core.choosing import all_of, short_ids
from partner_tokens.core.language import _
from partner_tokens.core.profile import Profile, default_profile, profile_under
from partner_tokens.core.tokens import ENDPOINT_PRESETS, ApiToken, folded
from partner_tokens.terminal.bash_words import BashLine
from partner_tokens.terminal.console import hand_out, prepare_streams, visible
from partner_tokens.terminal.options import make_parser

if TYPE_CHECKING:
    from partner_tokens.parts import Parts

FOR_THE_DEMO = "show"
SHORTEST_START = 2
"""Characters of an id that must be there before ids are offered."""

FILES, PROGRAM, OFFERS = "files", "program", "offers"
"""The first line of an answer: the shell is to offer files, another program's line, or these."""

Offer = tuple[str, str]
"""A word, and what is said beside it."""


Offering = Callable[[Sequence[ApiToken], str], Iterator[Offer]]
"""Offers out of tokens, by what has been said of them, folded."""


class _Elsewhere(Exception):
    """The shell knows better what may stand here: FILES or PROGRAM."""


def complete(words: Sequence[str]) -> int:
    """Prints what may stand at the cursor: `SHELL WORD … =BEGINNING`, for bash its whole line."""
    prepare_streams()
    try:
        shell, *rest = words
        if shell == "bash":
            breaks, line = rest
            typed = BashLine(line.removeprefix("="), breaks)
            lines = [typed.inserted(word) for word, _about in _offers(typed.words, typed.current)]
        else:
            *rest, current = rest
            offers = _offers(rest, current.removeprefix("="))
            lines = [f"{word}\t{visible(about)}" for word, about in offers]
    except _Elsewhere as where:
        hand_out(str(where))
    except Exception:  # noqa: BLE001, S110  # see above
        pass
    else:
        hand_out("\n".join([OFFERS, *lines]))
    return 0


def _offers(words: Sequence[str], current: str) -> list[Offer]:
    """Each once, without what cannot be typed as a word."""
    wanted = folded(current)
    return list(
        {
            word: about
            for word, about in _Reader(words).offers(current)
            if folded(word).startswith(wanted)
        }.items()
    )


class _Reader:
    """Goes through the words before the cursor as the parser would."""

    def __init__(self, words: Sequence[str]) -> None:
        self._parser = make_parser()
        self._command = ""
        self._waiting: argparse.Action | None = None
        """The option whose value comes next."""
        self._said: list[str] = []
        """What stands behind the command and belongs to no option."""
        self._positionals: list[argparse.Action] = []
        self._has_dashes = False
        self._profile = ""
        for word in words:
            self._read(word)

    def _read(self, word: str) -> None:
        if self._waiting is not None:
            self._take(self._waiting, word)
            self._waiting = None
        elif self._has_dashes or not word.startswith("-"):
            self._read_plain(word)
        elif word == "--":
            self._has_dashes = True
        else:
            name, equals, value = word.partition("=")
            option = _options(self._parser).get(name)
            if option is not None and option.nargs != 0:
                if equals:
                    self._take(option, value)
                else:
                    self._waiting = option

    def _read_plain(self, word: str) -> None:
        if self._command:
            self._said.append(word)
        else:
            self._command = word
            self._parser = _commands(self._parser)[word]
            self._positionals = [a for a in self._parser._actions if not a.option_strings]  # noqa: SLF001

    def _take(self, option: argparse.Action, value: str) -> None:
        if option.dest == "profile":
            self._profile = value

    # ---- what may come next ----

    def offers(self, current: str) -> Iterator[Offer]:
        """Raises _Elsewhere, and KeyError for a command that there is not."""
        if self._waiting is not None:
            yield from self._values(self._waiting, current)
        elif self._has_dashes and self._command == "exec" and self._said:
            raise _Elsewhere(PROGRAM)
        elif current.startswith("-") and not self._has_dashes:
            yield from self._named_options(current)
        elif not self._command:
            for name, parser in _commands(self._parser).items():
                if name != FOR_THE_DEMO:
                    yield name, _(parser.description) if parser.description else ""
        else:
            said = self._said
            for action in self._positionals:
                if action.nargs in {"*", "+"} or not said:
                    yield from self._values(action, current, said)
                    break
                said = said[1:]

    def _named_options(self, current: str) -> Iterator[Offer]:
        name, equals, value = current.partition("=")
        if equals:
            for offered, about in self._values(_options(self._parser)[name], value):
                yield f"{name}={offered}", about
            return
        for action in self._parser._actions:  # noqa: SLF001
            for option in action.option_strings:
                if option.startswith("--"):
                    yield option, self._help_of(action)

    def _help_of(self, action: argparse.Action) -> str:
        formatter = self._parser._get_formatter()  # noqa: SLF001
        return formatter._expand_help(action)  # noqa: SLF001

    def _values(
        self, action: argparse.Action, current: str, said: Sequence[str] = ()
    ) -> Iterator[Offer]:
        match action.dest:
            case "what":
                yield from self._stored(_named, said)
                if len(current) >= SHORTEST_START and not said:
                    yield from self._stored(_ids)
            case "organization":
                yield from self._stored(_organizations)
            case "endpoint":
                yield from ((preset, "") for preset in ENDPOINT_PRESETS)
                yield from self._stored(_endpoints)
            case "expires":
                yield from (("never", ""), ("unknown", ""))
            case "file" | "profile":
                raise _Elsewhere(FILES)
            case _:
                yield from ((str(choice), "") for choice in action.choices or ())
        if action.dest == "format" and self._command == "header":
            yield from self._from_parts(
                lambda parts: [(name, "") for name in parts.preferences.templates]
            )

    def _stored(self, offers: Offering, said: Sequence[str] = ()) -> list[Offer]:
        """Out of the tokens in which all that was `said` occurs."""

        def read(parts: "Parts") -> list[Offer]:
            tokens: Sequence[ApiToken] = parts.store.tokens()
            if self._command == "restore":
                tokens = [each.token for each in parts.trash.tokens()]
            return list(offers(all_of(tokens, said) if said else tokens, folded(" ".join(said))))

        return self._from_parts(read)

    def _from_parts(self, read: "Callable[[Parts], list[Offer]]") -> list[Offer]:
        """What is stored already: a profile is not begun by a look at it."""
        profile: Profile = default_profile()
        if self._profile:
            profile = profile_under(Path(self._profile))
        if not profile.store_path.exists():
            return []
        from partner_tokens.parts import Parts

        parts = Parts(profile)
        try:
            return read(parts)
        finally:
            parts.close()


def _commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    (commands,) = (
        action
        for action in parser._actions  # noqa: SLF001
        if isinstance(action, argparse._SubParsersAction)  # noqa: SLF001
    )
    found: dict[str, argparse.ArgumentParser] = commands.choices
    return found


def _options(parser: argparse.ArgumentParser) -> dict[str, argparse.Action]:
    return parser._option_string_actions  # noqa: SLF001


# ---- names that are stored --------------------------------------------------------------------


def _named(tokens: Sequence[ApiToken], said: str) -> Iterator[Offer]:
    """Organizations, then tokens, by words not said yet."""
    for token in tokens:
        if _can_be_typed(token.organization.name) and folded(token.organization.name) not in said:
            yield token.organization.name, ""
    for token in tokens:
        if _can_be_typed(token.name) and folded(token.name) not in said:
            yield token.name, token.organization.name


def _ids(tokens: Sequence[ApiToken], _said: str) -> Iterator[Offer]:
    for id, token in zip(short_ids(tokens), tokens, strict=True):
        yield id, f"{token.organization.name}, {token.name}"


def _organizations(tokens: Sequence[ApiToken], _said: str) -> Iterator[Offer]:
    return ((t.organization.name, "") for t in tokens if _can_be_typed(t.organization.name))


def _endpoints(tokens: Sequence[ApiToken], _said: str) -> Iterator[Offer]:
    return ((token.endpoint, "") for token in tokens)


def _can_be_typed(name: str) -> bool:
    """Not what commands a terminal, and not what would be taken for an option."""
    return visible(name) == name and not name.startswith("-")
