"""The portal's page of an endpoint: its root, or what the user has set."""

import pytest

from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.portals import clean_address, portal_of

ENDPOINT = "https://console.navigator.vmware.com"


def test_the_root_is_the_page_unless_another_one_is_set() -> None:
    assert portal_of(ENDPOINT, {}) == f"{ENDPOINT}/"
    assert portal_of(ENDPOINT, {ENDPOINT: "https://portal.example/#/tokens"}) == (
        "https://portal.example/#/tokens"
    )
    assert portal_of(ENDPOINT, {"https://other.example": "https://x.example/"}) == f"{ENDPOINT}/"


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        (" portal.example ", "https://portal.example/"),
        ("https://portal.example/csp/#/user/tokens", "https://portal.example/csp/#/user/tokens"),
        ("https://portal.example?org=1", "https://portal.example?org=1"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
    ],
)
def test_an_address_is_completed_and_otherwise_left_as_it_is(typed: str, clean: str) -> None:
    assert clean_address(typed) == clean


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://portal.example/",
        "https://user:word@portal.example/",
        "https://portal.example/a b",
        "https://portal.example/\x00",
        "https://[::1",
        f"https://portal.example/{'a' * 2_000}",
    ],
)
def test_what_is_no_page_of_the_web_is_refused(typed: str) -> None:
    with pytest.raises(InputError) as caught:
        clean_address(typed)
    assert caught.value.problem is Problem.PORTAL_INVALID
