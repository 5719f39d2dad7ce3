"""Words in the user's language: gettext, loaded when the first word is needed, unless English."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from partner_tokens.core.languages import LANGUAGES, SOURCE, system_language

if TYPE_CHECKING:
    from gettext import GNUTranslations


def _(text: str) -> str:
    """The text in the user's language, or as it stands where nobody has translated it."""
    catalogue = _catalogue()
    return text if catalogue is None else catalogue.gettext(text)


def _n(singular: str, plural: str, count: int) -> str:
    """The form that fits `count`, with `{count}` still to be filled in."""
    catalogue = _catalogue()
    if catalogue is None:
        return singular if count == 1 else plural
    return catalogue.ngettext(singular, plural, count)


def choose_by(chosen: Callable[[], str]) -> None:
    """Asks `chosen` for one of LANGUAGES, empty for the system's, when the first word is needed.

    From then on it holds: words that are on the screen already would stay as they are.
    """
    global _chosen
    _chosen = chosen
    spoken.cache_clear()
    _catalogue.cache_clear()


_chosen: Callable[[], str] = str
"""One program speaks one language, so this may be known everywhere."""


@cache
def spoken() -> str:
    """The language of all words: a key of LANGUAGES, or one of PSEUDO."""
    chosen = _chosen()
    return chosen if chosen in LANGUAGES else system_language()


@cache
def _catalogue() -> "GNUTranslations | None":
    language = spoken()
    if language == SOURCE:
        return None
    from gettext import GNUTranslations

    from partner_tokens.assets import resources_folder

    try:
        with (resources_folder() / "translations" / f"{language}.mo").open("rb") as file:
            return GNUTranslations(file)
    except OSError:  # a checkout whose words were never compiled, or a damaged installation
        return None
