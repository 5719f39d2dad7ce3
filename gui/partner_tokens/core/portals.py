"""Where an endpoint's portal is: as the user has set it, else the endpoint's own root."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.tokens import clean_endpoint

LONGEST_ADDRESS = 2_000


def portal_of(endpoint: str, portals: Mapping[str, str]) -> str:
    """The page to open in the browser for tokens of this endpoint.

    No page that documents the portal's own addresses is known, so the default is its root.
    """
    return portals.get(endpoint) or f"{endpoint}/"


def clean_address(text: str) -> str:
    """The address of a page: HTTPS, or HTTP on this computer; a bare host gets https.

    Raises InputError.
    """
    typed = text.strip()
    if "://" not in typed:
        typed = f"https://{typed}"
    if len(typed) > LONGEST_ADDRESS or not typed.isprintable() or " " in typed:
        raise InputError(Problem.PORTAL_INVALID)
    try:
        parts = urlsplit(typed)
        clean_endpoint(f"{parts.scheme}://{parts.netloc}")
    except (InputError, ValueError):
        raise InputError(Problem.PORTAL_INVALID) from None
    return typed if parts.path or parts.query or parts.fragment else f"{typed}/"
