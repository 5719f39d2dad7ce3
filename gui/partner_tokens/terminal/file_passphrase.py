"""The passphrase of an encrypted file: handed over by a descriptor, or asked for."""

from partner_tokens.core.age_file import SHORTEST_PASSPHRASE
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.language import _
from partner_tokens.core.secret import Secret
from partner_tokens.terminal.console import UsageError, ask, has_terminal, line_from


def passphrase_of(name: str, descriptor: int | None) -> Secret:
    """The one that opens an existing file; the next line of the descriptor. UsageError."""
    if descriptor is not None:
        return line_from(descriptor)
    return _asked(_("Passphrase of {file}:").format(file=name), name)


def passphrase_for(name: str, descriptor: int | None) -> Secret:
    """One for a new file, asked for twice. Raises UsageError and InputError."""
    if descriptor is not None:
        return _long_enough(line_from(descriptor))
    chosen = _long_enough(_asked(_("Passphrase for {file}:").format(file=name), name))
    if ask(_("The same once more:")) != chosen:
        raise InputError(Problem.PASSPHRASE_DIFFERS)
    return chosen


def _asked(prompt: str, name: str) -> Secret:
    if not has_terminal():
        raise UsageError(
            _("There is no passphrase for {file}, and no terminal to ask for it.").format(
                file=name
            ),
            _("Hand it over: --file-passphrase-fd N"),
        )
    return ask(prompt)


def _long_enough(passphrase: Secret) -> Secret:
    if len(passphrase.reveal()) < SHORTEST_PASSPHRASE:
        raise InputError(Problem.PASSPHRASE_SHORT)
    return passphrase
