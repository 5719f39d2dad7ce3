"""Words in the user's language: gettext, loaded when the first word is needed."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import NullTranslations

DOMAIN = "partner-tokens"


def _(text: str) -> str:
    """The text in the user's language, or as it stands where nobody has translated it."""
    return _catalogue().gettext(text)


def _n(singular: str, plural: str, count: int) -> str:
    """The form that fits `count`, with `{count}` still to be filled in."""
    return _catalogue().ngettext(singular, plural, count)


@cache
def _catalogue() -> "NullTranslations":
    import gettext

    from partner_tokens.assets import resources_folder

    return gettext.translation(DOMAIN, resources_folder() / "translations", fallback=True)
