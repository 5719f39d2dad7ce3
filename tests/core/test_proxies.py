"""Which proxy is taken, and what may be typed as one."""

from dataclasses import replace

import pytest

from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.preferences import Preferences
from partner_tokens.core.proxies import Proxies
from partner_tokens.core.proxy_address import clean_proxy

URL = "https://api.example/"
SYSTEM = "http://system.example:1"


def chosen(**changes: str) -> str | None:
    preferences = replace(Preferences(), **changes)  # type: ignore[arg-type]  # texts only
    return Proxies(lambda: preferences, lambda _url: SYSTEM, lambda _address: None)(URL)


def test_the_system_is_asked_unless_the_user_wants_otherwise() -> None:
    assert chosen() == SYSTEM
    assert chosen(proxy="none") is None
    address = "http://proxy.example:3128"
    assert chosen(proxy="manual", proxy_address=address) == address


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("proxy.example:3128", "http://proxy.example:3128"),
        (" http://proxy.example/ ", "http://proxy.example:8080"),
        ("HTTPS://Proxy.Example:443", "https://proxy.example:443"),
        ("10.0.0.1", "http://10.0.0.1:8080"),
        ("[::1]:3128", "http://[::1]:3128"),
    ],
)
def test_an_address_is_kept_whole_however_it_was_typed(typed: str, kept: str) -> None:
    assert clean_proxy(typed) == clean_proxy(kept) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "http://", ":3128", "socks5://p:1", "p.example:0", "p:99999", "p:x", "p/path", "p?q",
     "a b", "http://[", "a..b", "-p", "p\x00q", "http://" + "a." * 200 + "b"],
)  # fmt: skip
def test_what_cannot_be_a_proxy_is_refused(typed: str) -> None:
    with pytest.raises(InputError) as caught:
        clean_proxy(typed)
    assert caught.value.problem is Problem.PROXY_INVALID


@pytest.mark.parametrize("typed", ["ana:pw@p.example:3128", "http://ana@p.example", "@p.example"])
def test_a_login_in_the_address_is_refused(typed: str) -> None:
    with pytest.raises(InputError) as caught:
        clean_proxy(typed)
    assert caught.value.problem is Problem.PROXY_HAS_LOGIN
