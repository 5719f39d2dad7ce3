"""The address of a proxy, as it is typed and as it is kept."""

from urllib.parse import urlsplit

from partner_tokens.core.errors.typed import InputError, Problem

USUAL_PORT = 8080
LONGEST = 300


def clean_proxy(text: str) -> str:
    """`proxy.example:3128` or a URL as http://host:port; 8080 where no port is given.

    Raises InputError: where it is no such address, and where it holds a user or a password, which
    belong into the store.
    """
    address = text.strip()
    if "://" not in address:
        address = f"http://{address}"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
        if not host or not host.encode("idna") or host.startswith("-") or port == 0:
            raise InputError(Problem.PROXY_INVALID)
    except ValueError:
        raise InputError(Problem.PROXY_INVALID) from None
    if "@" in parts.netloc:
        raise InputError(Problem.PROXY_HAS_LOGIN)
    is_bare = parts.path in {"", "/"} and not parts.query and not parts.fragment
    is_printable = host.isprintable() and " " not in host
    if parts.scheme not in {"http", "https"} or not (is_bare and is_printable):
        raise InputError(Problem.PROXY_INVALID)
    name = f"[{host}]" if ":" in host else host
    kept = f"{parts.scheme}://{name}:{port or USUAL_PORT}"
    if len(kept) > LONGEST:
        raise InputError(Problem.PROXY_INVALID)
    return kept
