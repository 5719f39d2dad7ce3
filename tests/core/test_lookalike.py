"""What passes for an API token at a glance, and what does not."""

from base64 import urlsafe_b64encode
from random import Random

import pytest

from partner_tokens.core.lookalike import holds_api_token, looks_like_api_token, unless_given_away
from partner_tokens.core.secret import Secret

TOKEN = "FrYhZ4qP1TkW8vXc2NbM6sLd9GjR3eUa7oIi5_-KpQwErTyUiOpAsDfGhJkLzXcV"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"


@pytest.mark.parametrize("text", [TOKEN, f" {TOKEN}\n", f"“{TOKEN}”", TOKEN.lower(), TOKEN[:40]])
def test_one_long_mixed_word_looks_like_an_api_token(text: str) -> None:
    assert looks_like_api_token(text)


def test_what_a_generator_makes_looks_like_one() -> None:
    chance = Random(1)  # noqa: S311  # the same ones in each run
    made = [urlsafe_b64encode(chance.randbytes(48)).decode() for _each in range(20_000)]
    assert [token for token in made if not looks_like_api_token(token)] == []


def test_hyphens_by_chance_hide_no_token() -> None:
    assert looks_like_api_token("41Ouvg-QH_uWOVObqW_h-XXfcjPmqFvXf_Oz8bh3yqbte-gHYPAlIDYzhHjTAhQO")


@pytest.mark.parametrize(
    "text",
    [
        "",
        TOKEN[:39],
        f"two {TOKEN}",
        "0d6f3c1e-8c6b-4b8e-9b1e-1a2b3c4d5e6f",
        "org-0d6f3c1e-8c6b-4b8e-9b1e-1a2b3c4d5e6f",
        "Contoso-Production-EMEA-Billing-Service-Account-2026",
        "Rindfleischetikettierungsueberwachungsaufgabenuebertragung",
        "https://docs.example.com/d/1A2b3C4d5E6f7G8h9I0j1K2l3M4n5O6p7Q8r9S0t",
        "0" * 50,
    ],
)
def test_names_ids_and_addresses_do_not(text: str) -> None:
    assert not looks_like_api_token(text)


def test_a_text_holds_one_if_any_word_is_one() -> None:
    assert holds_api_token(f"the old one:\n{TOKEN} (May)")
    assert not holds_api_token("owner: finance\nrenewed in May 2026")


@pytest.mark.parametrize(
    "name",
    ["Contoso", "Bearer Technologies", "Standard Bearer Construction", "Contoso...West", "Acme: a"],
)
def test_a_name_is_kept_though_it_has_words_that_stand_before_tokens(name: str) -> None:
    secrets = (Secret(TOKEN), Secret("----"), Secret("a"), Secret("acm"), Secret(""))
    assert unless_given_away(name, *secrets, None) == name


@pytest.mark.parametrize("echo", [JWT, TOKEN, f"Contoso {TOKEN}", TOKEN[::-1], TOKEN[7:19], "1234"])
def test_a_name_that_repeats_a_secret_is_none(echo: str) -> None:
    assert unless_given_away(echo, Secret(TOKEN), Secret("1234")) == ""
    assert unless_given_away(f"Contoso {TOKEN[:20]}x9{TOKEN[20:]}") == ""  # also one we do not know
