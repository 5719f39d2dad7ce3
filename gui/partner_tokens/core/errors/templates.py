"""What is wrong with a placeholder in a format of the user's own."""

from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.language import _


class PlaceholderUnknown(InputError):
    """A template has a placeholder that stands for nothing."""

    def __init__(self, placeholder: str, known: tuple[str, ...]) -> None:
        super().__init__(Problem.PLACEHOLDER)
        self.placeholder = placeholder
        self.known = known

    def _words(self) -> tuple[str, str]:
        if ":" in self.placeholder:
            hint = _("Behind the colon may stand: {names}.")
            return self._title(), hint.format(names=", ".join(self.known))
        names = ", ".join(f"{{{name}}}" for name in self.known)
        return self._title(), _("There are: {names}.").format(names=names)

    def _title(self) -> str:
        return _("There is no placeholder “{name}”.").format(name=f"{{{self.placeholder}}}")


class PlaceholderInQuotes(InputError):
    """A placeholder that brings its quotes along stands inside others, and would end them."""

    def __init__(self, placeholder: str, quoting: str) -> None:
        super().__init__(Problem.PLACEHOLDER)
        self.placeholder = f"{{{placeholder}:{quoting}}}"

    def _words(self) -> tuple[str, str]:
        return (
            _("{placeholder} brings its own quotes.").format(placeholder=self.placeholder),
            _("Let no quotes be open in front of it."),
        )


class PlaceholderUnquoted(InputError):
    """A value has characters that a program may take for more than text."""

    def __init__(self, placeholder: str, quotings: tuple[str, ...]) -> None:
        super().__init__(Problem.PLACEHOLDER)
        self.placeholder = placeholder
        self.quotings = quotings

    def _words(self) -> tuple[str, str]:
        return (
            _("What stands for {placeholder} here has signs that a shell could obey.").format(
                placeholder=f"{{{self.placeholder}}}"
            ),
            _("Say in the format how it is quoted, as in {example}: {names}.").format(
                example=f"{{{self.placeholder}:{self.quotings[0]}}}", names=", ".join(self.quotings)
            ),
        )
