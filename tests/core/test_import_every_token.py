"""No token of a source is lost, and none gets what is said of another."""

import json

import pytest

from partner_tokens.core.columns import Found
from partner_tokens.core.documents import Document
from partner_tokens.core.errors.files import Unimportable, Unusable
from partner_tokens.core.importing import read, read_text
from partner_tokens.core.sheets import MOST_ROWS

ONE, TWO, THREE = (f"marker-{letter * 57}" for letter in "abc")
HERE, THERE, ELSEWHERE = "https://a.example", "https://b.example", "https://c.example"


def found(text: str) -> list[tuple[str, str, str]]:
    """Secret, endpoint and organization id of each row."""
    return [(one.secret.reveal(), one.endpoint, one.service_id) for one in rows(text)]


def rows(text: str) -> tuple[Found, ...]:
    return read_text(text).found


def secrets(text: str) -> list[str]:
    return [one.secret.reveal() for one in rows(text)]


# ---- INI --------------------------------------------------------------------------------------


def test_two_sections_of_the_same_name_are_two_tokens() -> None:
    text = (
        f"[vmcConfig]\nstrCSPProdURL = {HERE}\nrefresh_Token = {ONE}\norg_id = org-1\n"
        f"[vmcConfig]\nrefresh_Token = {TWO}\norg_id = org-2\n"
    )
    assert found(text) == [(ONE, HERE, "org-1"), (TWO, "", "org-2")]


def test_each_token_of_a_section_is_a_row_that_has_what_the_section_says_once() -> None:
    text = f"[Contoso]\nrefresh_token = {ONE}\napi_token = {TWO}\nurl = {HERE}\norg_id = org-1\n"
    assert found(text) == [(ONE, HERE, "org-1"), (TWO, HERE, "org-1")]
    assert [(one.organization, one.name) for one in rows(text)] == [
        ("Contoso", "refresh_token"),
        ("Contoso", "api_token"),
    ]


def test_a_key_that_stands_twice_in_a_section_loses_neither_token() -> None:
    text = f"[vmcConfig]\ntoken = {ONE}\norg_id = org-1\ntoken = {TWO}\norg_id = org-2\n"
    assert found(text) == [(ONE, "", "org-1"), (TWO, "", "org-2")]


def test_both_sides_of_a_migration_go_to_the_address_that_stands_beside_them() -> None:
    text = (
        f"[vmcConfig]\nstrCSPProdURL = {HERE}\nsource_refresh_token = {ONE}\n"
        f"dest_refresh_token = {TWO}\ndest_csp_url = {THERE}\n"
    )
    assert found(text) == [(ONE, HERE, ""), (TWO, THERE, "")]


def test_tables_of_toml_are_read_like_sections_without_their_quotes() -> None:
    text = "".join(
        f'[[tokens]]  # one\norganization = "{name}"\nurl = "{url}" # here\ntoken = "{token}"\n'
        for name, url, token in (("Contoso", HERE, ONE), ("Fabrikam", THERE, TWO))
    )
    assert found(text) == [(ONE, HERE, ""), (TWO, THERE, "")]
    assert [one.organization for one in rows(text)] == ["Contoso", "Fabrikam"]


# ---- environment files ------------------------------------------------------------------------


def lines(*settings: str) -> str:
    """Settings by their first letter (address, id, token), each with its value; "" is a blank."""
    names = {"a": "CSP_URL", "o": "CSP_ORG_ID", "t": "CSP_API_TOKEN"}
    values = {"a1": HERE, "a2": THERE, "a3": ELSEWHERE, "t1": ONE, "t2": TWO, "t3": THREE}
    return "\n".join(each and f"{names[each[0]]}={values.get(each, each)}" for each in settings)


@pytest.mark.parametrize(
    "order",
    [
        "a1 o1 t1 a2 o2 t2 a3 o3 t3",
        "t1 a1 o1 t2 a2 o2 t3 a3 o3",
        "a1 t1 o1 a2 t2 o2 a3 t3 o3",
        "a1 o1 t1  a2 o2 t2  t3 o3 a3",
    ],
)
def test_each_block_of_an_environment_file_keeps_its_own(order: str) -> None:
    assert found(lines(*order.split(" "))) == [
        (ONE, HERE, "o1"),
        (TWO, THERE, "o2"),
        (THREE, ELSEWHERE, "o3"),
    ]


@pytest.mark.parametrize(
    ("order", "expected", "unclear"),
    [
        ("a1 o1 t1 o2 t2", [(HERE, "o1"), ("", "o2")], [False, True]),
        ("t1 o1  a2 o2 t2", [("", "o1"), (THERE, "o2")], [True, False]),
        ("t1 a2 t2", [("", ""), ("", "")], [True, True]),
        ("a1 o1 t1 t2 a3 o3 t3", [(HERE, "o1"), ("", ""), (ELSEWHERE, "o3")], [False, True, False]),
        ("a1 o1 t1 t2 a2 o2", [("", ""), ("", "")], [True, True]),
        ("a1  o1  t1  o2  t2", [(HERE, "o1"), ("", "o2")], [False, True]),
        ("a1  o1 t1  o2 t2", [(HERE, "o1"), (HERE, "o2")], [False, False]),
        ("a1  o1 t1  a2 o2 t2", [(HERE, "o1"), (THERE, "o2")], [False, False]),
        ("o1 t1 o2 t2", [("", "o1"), ("", "o2")], [False, False]),
        ("a1 t1 a2", [("", "")], [True]),
    ],
)
def test_where_a_block_says_nothing_the_row_says_nothing(
    order: str, expected: list[tuple[str, str]], unclear: list[bool]
) -> None:
    """Unclear is an endpoint only where the file names one that may be meant for another token."""
    read = rows(lines(*order.split(" ")))
    assert [(one.endpoint, one.service_id) for one in read] == expected
    assert [one.is_endpoint_unclear for one in read] == unclear


def test_blocks_of_terraform_are_kept_apart_by_their_braces() -> None:
    text = "".join(
        f'provider "vmc" {{\n  {first} = "{value}"\n  refresh_token = "{token}"\n}}\n'
        for first, value, token in (("org_id", "o1", ONE), ("csp_url", THERE, TWO))
    )
    assert found(text) == [(ONE, "", "o1"), (TWO, THERE, "")]
    assert [one.is_endpoint_unclear for one in rows(text)] == [True, False]


def test_variables_of_one_environment_share_its_address_and_id() -> None:
    text = f"NSXT_VMC_TOKEN={TWO}\nCSP_URL={HERE}\nCSP_API_TOKEN={ONE}\nORG_ID=o1\n"
    assert found(text) == [(TWO, HERE, "o1"), (ONE, HERE, "o1")]


def test_variables_are_told_apart_by_what_stands_before_them_wherever_they_stand() -> None:
    text = (
        f"CONTOSO_CSP_URL={HERE}\nFABRIKAM_CSP_URL={THERE}\nFABRIKAM_ORG_ID=o2\nCSP_ORG_ID=o9\n"
        f"FABRIKAM_CSP_API_TOKEN={TWO}\nCONTOSO_CSP_API_TOKEN={ONE}\nCSP_API_TOKEN={THREE}\n"
    )
    assert found(text) == [(TWO, THERE, "o2"), (ONE, HERE, ""), (THREE, "", "o9")]


def test_the_same_address_written_in_two_ways_is_one() -> None:
    text = f"CSP_HOST=a.example\nCSP_URL={HERE}/\nCSP_API_TOKEN={ONE}\n"
    assert found(text) == [(ONE, "a.example", "")]


# ---- JSON -------------------------------------------------------------------------------------


def test_every_secret_of_one_object_is_a_row_of_its_own() -> None:
    text = json.dumps({"refreshToken": ONE, "apiToken": TWO, "orgId": "o1", "url": HERE})
    assert found(text) == [(ONE, HERE, "o1"), (TWO, HERE, "o1")]
    assert [one.name for one in rows(text)] == ["refreshToken", "apiToken"]


def test_the_same_secret_under_two_keys_is_one_token() -> None:
    assert secrets(json.dumps({"refreshToken": ONE, "apiToken": f" {ONE} "})) == [ONE]


def test_a_key_that_stands_twice_in_an_object_loses_neither() -> None:
    text = (
        f'{{"Contoso": {{"token": "{ONE}"}}, "Contoso": {{"token": "{TWO}", "token": "{THREE}"}}}}'
    )
    assert secrets(text) == [ONE, TWO, THREE]


def test_a_list_of_tokens_is_read() -> None:
    text = json.dumps({"org": "Contoso", "apiToken": [ONE, TWO, 3], "more": {"token": THREE}})
    assert secrets(text) == [ONE, TWO, THREE]


def test_an_app_beside_a_token_is_a_row_of_its_own() -> None:
    read = rows(json.dumps({"token": ONE, "clientId": "build", "clientSecret": TWO, "orgId": "o1"}))
    assert [(one.secret.reveal(), one.client_id) for one in read] == [(ONE, ""), (TWO, "build")]


def test_a_postman_environment_loses_nothing_that_stands_beside_its_values_or_twice_in_them() -> (
    None
):
    pairs = [{"key": "refresh_token", "value": token} for token in (ONE, TWO)]
    more = {"name": "Contoso", "values": [*pairs, {"org": "Fabrikam", "token": THREE}]}
    assert secrets(json.dumps(more)) == [ONE, TWO, THREE]
    assert secrets(json.dumps({**more, "apiToken": "d" * 64})) == ["d" * 64, ONE, TWO, THREE]


def test_a_list_of_variables_is_read_under_whatever_name_it_has() -> None:
    text = json.dumps({"variables": [{"key": "CSP_API_TOKEN", "value": ONE, "masked": True}]})
    assert secrets(text) == [ONE]


# ---- what no reader knows ---------------------------------------------------------------------

KNOWN, OTHER = ("Q7x" + letter * 20 + "aB3dE5fG" * 5 for letter in "ab")


@pytest.mark.parametrize(
    "text",
    [
        f"CSP_API_TOKEN={KNOWN}\n\nOLD_ONE='{OTHER}' # of last year\n",
        f"[vmcConfig]\nrefresh_token = {KNOWN}\nOLD_ONE: {OTHER}\n",
        f'{{"refreshToken": "{KNOWN}",\n\n"OLD_ONE": "{OTHER}"}}',
        f"Contoso: {KNOWN}\n\nOLD_ONE = {OTHER} until 2027\n",
    ],
)
def test_what_looks_like_a_token_in_an_unknown_place_is_a_row_that_wants_its_organization(
    text: str,
) -> None:
    known, other = rows(text)
    assert (known.secret.reveal(), other.secret.reveal()) == (KNOWN, OTHER)
    assert (other.organization, other.name, other.line) == ("", "OLD_ONE", 3)


@pytest.mark.parametrize(
    "other",
    [
        f"https://a.example/{OTHER}",
        f"eyJ{OTHER}.{OTHER}.{OTHER}",
        "0d3c5a5e-7a51-4f0e-9a43-0f4f6f2f9f11",
        "a-long-name-of-something-that-goes-on-and-on-for-ever",
        OTHER * 9,
        KNOWN,
    ],
)
def test_addresses_access_tokens_and_names_are_no_such_rows(other: str) -> None:
    assert secrets(f"CSP_API_TOKEN={KNOWN}\nOTHER={other}\n") == [KNOWN]


def test_lines_that_name_an_endpoint_are_heeded_as_in_an_environment_file() -> None:
    assert found(f"Endpoint: {HERE}\nToken: {ONE}\n") == [(ONE, HERE, "")]
    blocks = (f"contoso:\n  url: {HERE}\n  token: {ONE}\n", f"fab:\n  token: {TWO}\n")
    first, second = rows("".join(blocks))
    assert (first.endpoint, second.endpoint, second.is_endpoint_unclear) == (HERE, "", True)
    assert found(f"host: console.navigator.example\ntoken: {ONE}\n") == [
        (ONE, "console.navigator.example", "")
    ]
    assert found(f"Server: the third one\nToken: {ONE}\n") == [(ONE, "", "")]
    [plain] = rows(f"Your token:\n{ONE}\nUse it at {HERE}\n")
    assert (plain.endpoint, plain.is_endpoint_unclear) == ("", False)


@pytest.mark.parametrize(
    "line",
    [
        f"CONTOSO_TOKEN={KNOWN}",
        f"export CONTOSO_TOKEN='{KNOWN}'",
        f'set "CONTOSO_TOKEN={KNOWN}"',
        f'- "CONTOSO_TOKEN={KNOWN}"',
        f'CONTOSO_TOKEN="{KNOWN}"',
    ],
)
def test_a_variable_that_nobody_knows_names_its_token(line: str) -> None:
    text = f"{line}\n{line.replace('CONTOSO', 'FABRIKAM').replace(KNOWN, OTHER)}\n"
    assert [(one.organization, one.name, one.secret.reveal()) for one in rows(text)] == [
        ("", "CONTOSO_TOKEN", KNOWN),
        ("", "FABRIKAM_TOKEN", OTHER),
    ]
    [alone] = read(Document("contoso.env", f"{line}\n")).found
    assert (alone.organization, alone.name) == ("contoso", "CONTOSO_TOKEN")
    assert alone.secret.reveal() == KNOWN


@pytest.mark.parametrize("token", [f"{KNOWN}=", f"{KNOWN}==", f"{KNOWN}=x", f"Ab={KNOWN[:39]}"])
def test_a_token_with_an_equals_sign_stays_whole(token: str) -> None:
    assert secrets(f"Contoso {token}\n") == [token]
    assert secrets(f"{token}\n") == [token]


def test_an_app_that_is_written_in_one_word_is_one_row() -> None:
    assert secrets(f"API_TOKEN=build-app:{KNOWN}\n") == [f"build-app:{KNOWN}"]


def test_a_key_that_says_token_is_no_organization() -> None:
    text = f"contoso:\n  refresh_token: {ONE}\nfabrikam:\n  refresh_token: {TWO}\n"
    assert [(one.organization, one.secret.reveal()) for one in rows(text)] == [("", ONE), ("", TWO)]


# ---- tables -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headings",
    ["api token,refresh token", "Token,Token", "Token 1,Token 2", "Token,Old token (2025)"],
)
def test_each_column_of_tokens_is_read(headings: str) -> None:
    third = KNOWN.replace("a", "c")
    text = f"customer,url,{headings}\nA,{HERE},{KNOWN},{OTHER}\nB,,{third},\nC,,,\n"
    read = rows(text)
    assert [(one.organization, one.secret.reveal(), one.endpoint) for one in read] == [
        ("A", KNOWN, HERE),
        ("A", OTHER, HERE),
        ("B", third, ""),
        ("C", "", ""),
    ]
    first, second, *_others = read
    assert [first.name, second.name] == headings.split(",")
    origins = [origin for origin, _found in read_text(text).rows]
    assert len(set(origins)) == len(origins)


def test_two_columns_of_tokens_are_read_without_headings_too() -> None:
    assert secrets(f"Contoso,{KNOWN},{OTHER}\nFabrikam,{OTHER},{OTHER}\n") == [KNOWN, OTHER, OTHER]


def test_a_token_beside_an_app_is_a_row_of_its_own_in_a_table() -> None:
    text = (
        "customer,kind,token,client_id,client_secret,org_id\n"
        f"Contoso,oauth-app-v1,{KNOWN},build,{OTHER},o1\nFabrikam,,{OTHER},,,\n"
    )
    assert [(one.secret.reveal(), one.client_id, one.kind_words) for one in rows(text)] == [
        (OTHER, "build", "oauth-app-v1"),
        (KNOWN, "", ""),
        (OTHER, "", ""),
    ]
    [unusable] = rows(f"customer,token,client_id\nContoso,{KNOWN},build\n")
    assert (unusable.secret.reveal(), unusable.client_id) == ("", "build")


@pytest.mark.parametrize("heading", ["Key", "Fingerprint"])
def test_a_column_of_keys_or_sums_beside_the_tokens_is_none(heading: str) -> None:
    value = "C-17" if heading == "Key" else OTHER
    assert secrets(f"customer,{heading},token\nContoso,{value},{KNOWN}\n") == [KNOWN]


@pytest.mark.parametrize(
    ("headings", "second", "column"),
    [
        ("Customer,Production,Staging", OTHER, "Staging"),
        ("Customer,Production API key,Staging API key", OTHER, "Staging API key"),
        ("Customer,token,backup", OTHER, "backup"),
        ("Customer,token,Fingerprint", OTHER, "Fingerprint"),
        ("Customer,token,refresh token", f"{OTHER} {THREE}", "refresh token"),
        (f"Customer,token,{'very ' * 90}long", OTHER, " ".join(["very"] * 20)),
    ],
)
def test_a_column_that_looks_like_tokens_and_is_not_read_is_named(
    headings: str, second: str, column: str
) -> None:
    first = KNOWN.replace("a", "c")
    text = f"{headings}\nContoso,{KNOWN},{second}\nFabrikam,{first},n/a\nLitware,,n/a\n"
    reading = read_text(text)
    assert [one.secret.reveal() for one in reading.found] == [KNOWN, first, ""]
    [unread] = reading.passed_over
    assert (unread.source, unread.heading, unread.number) == ("", column, 3)
    assert f"“{column}”" in unread.title


def test_a_column_without_a_heading_that_is_not_read_is_named_by_its_place() -> None:
    lines = [f"{number},Contoso,Ana,x,{KNOWN},n/a" for number in range(9)]
    [unread] = read_text("\n".join([*lines, f"9,Contoso,Ana,x,{KNOWN},{OTHER}"])).passed_over
    assert "“Column 6” of the pasted text" in unread.title


def test_where_every_column_that_looks_like_tokens_is_read_none_is_named() -> None:
    text = f"customer,token,old token,what\nContoso,{KNOWN},{OTHER},C-17\n"
    assert read_text(text).passed_over == ()
    assert read_text("who,what,why\nContoso,short,none\n").passed_over == ()


def test_tokens_in_several_columns_are_no_more_than_rows_may_be() -> None:
    row = f"{KNOWN},{OTHER}\n"
    assert len(rows("token,token\n" + row * (MOST_ROWS // 2))) == MOST_ROWS
    with pytest.raises(Unimportable) as told:
        read_text("token,token\n" + row * (MOST_ROWS // 2 + 1))
    assert told.value.reason is Unusable.TOO_MANY_ROWS
