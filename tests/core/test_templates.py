"""Templates: what may be kept, what stands for a placeholder, and what no shell may obey."""

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_lines import powershell_string
from partner_tokens.core.errors.templates import (
    PlaceholderInQuotes,
    PlaceholderUnknown,
    PlaceholderUnquoted,
)
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.formats import Format, Template
from partner_tokens.core.forms import form_called, name_of, own_forms, written
from partner_tokens.core.secret import Secret
from partner_tokens.core.templates import LONGEST_NAME, VALUES, clean_template, filled
from partner_tokens.core.tokens import AccessToken, ApiToken, Organization

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
ENDPOINT = "https://console.navigator.vmware.com"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln-bmF0_dXJl"
ACCESS = AccessToken(Secret(JWT), NOW, NOW + timedelta(minutes=30), timedelta(minutes=30), ENDPOINT)
CONTOSO = ApiToken("t1", Organization("Contoso Ltd", "5f1c"), "billing", ENDPOINT, NOW, user="ana")
HOSTILE = (
    "$(touch pwned)",
    "`touch pwned`",
    "a; touch pwned",
    "a' 'b",
    'a" "b',
    "a\\",
    "a\nb",
    "-o/etc/passwd",
    "x -o /etc/passwd",
    "=cmd",
    "%PATH%",
    "‘quotes’",
    "a & b",
    "<b>",
    "@file",
)


def text_of(text: str, organization: str = "Contoso Ltd") -> str:
    token = replace(CONTOSO, organization=Organization(organization, "5f1c"))
    return written(clean_template("Mine", text), ACCESS, token)


def in_bash(script: str) -> list[str]:
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-c", script],
        capture_output=True,
        env={"PATH": "/usr/bin:/bin"},
        timeout=30,
        check=True,
    )
    assert not done.stderr
    return done.stdout.decode().split("\0")[:-1]


# ---- what stands for a placeholder ------------------------------------------------------------


def test_each_placeholder_stands_for_its_value() -> None:
    text = "|".join(f"{{{value}}}" for value in VALUES)
    assert text_of(f"# {text}").removeprefix("# ").split("|") == [
        JWT,
        f"csp-auth-token: {JWT}",
        ENDPOINT,
        "console.navigator.vmware.com",
        "Contoso Ltd",
        "5f1c",
        "billing",
        "ana",
        "2026-06-01T12:30:00Z",
    ]


def test_what_the_service_told_comes_before_what_was_known() -> None:
    access = replace(ACCESS, organization_id="told", user="ana@contoso.example")
    form = clean_template("Mine", "{token} {organization_id} {user}")
    assert written(form, access, CONTOSO).split()[1:] == ["told", "ana@contoso.example"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"a": {"t": "{token}"}}', f'{{"a": {{"t": "{JWT}"}}}}'),
        ("@{ t = '{token}' }", f"@{{ t = '{JWT}' }}"),
        ("{{token}} {token}", f"{{token}} {JWT}"),
        ("{{ token }} {token}", f"{{{{ token }}}} {JWT}"),
        ("${HOME} ${token} {token}", f"${{HOME}} ${{token}} {JWT}"),
        ("{} {1} {token}", f"{{}} {{1}} {JWT}"),
        ("a\n\tb {token}\n", f"a\n\tb {JWT}"),
    ],
)
def test_other_braces_are_braces(text: str, shown: str) -> None:
    assert text_of(text) == shown


def test_a_value_is_no_template() -> None:
    assert text_of("{organization:raw} {token}", "{token:raw}") == f"{{token:raw}} {JWT}"


# ---- what no program may obey -----------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
def test_a_bare_placeholder_takes_nothing_that_a_shell_could_obey(name: str) -> None:
    with pytest.raises(PlaceholderUnquoted) as caught:
        text_of("# {organization}: {token}", name)
    assert "{organization}" in caught.value.title
    assert "{organization:bash}" in caught.value.hint
    assert name not in str(caught.value)


@pytest.mark.parametrize("name", ["Contoso Ltd", "合同会社 Ærø", "हिन्दी", "A-1.b, c_d/e:f", ""])
def test_a_bare_placeholder_takes_plain_names_of_every_script(name: str) -> None:
    assert text_of("# {organization}: {token}", name) == f"# {name}: {JWT}"


@pytest.mark.parametrize(
    "text",
    [
        "ORG={organization} curl {token}",
        "curl -H '{header}' {endpoint}/{organization}",
        'echo "a" {organization} {token}',
        'echo "a # b" {organization} {token}',
        'echo "`a`" {organization} {token}',
        "# it's a comment\necho {organization} {token}",
        "curl -H '{header}' {endpoint}  # {organization}",
    ],
)
def test_the_words_of_a_name_become_neither_a_command_nor_an_address(text: str) -> None:
    with pytest.raises(PlaceholderUnquoted):
        text_of(text, "x touch pwned")
    assert "Contoso" in text_of(text, "Contoso")


@pytest.mark.parametrize(
    "text",
    [
        "printf '%s\\0' \"{organization}\" {token}",
        "printf '%s\\0' '{organization}' {token}",
        "# it's\nprintf '%s\\0' \"{organization}\" {token}",
    ],
)
def test_the_words_of_a_name_stay_one_in_quotes(text: str) -> None:
    assert in_bash(text_of(text)) == ["Contoso Ltd", JWT]


@pytest.mark.parametrize(
    "text",
    [
        "cat <<END\n{organization:bash} {token}\nEND",
        "cat <<END\n{organization:json} {token}\nEND",
        "echo {organization:json} {token}",
        "echo $(cat <<END\n{organization:bash} {token}\nEND\n)",
    ],
)
@pytest.mark.parametrize("name", ["$(echo pwned >&2)", "`echo pwned >&2`", "';echo pwned >&2;'"])
def test_bash_obeys_no_name_where_quotes_are_no_quotes(text: str, name: str) -> None:
    in_bash(text_of(text, name))


@given(st.sampled_from(HOSTILE) | st.text(st.characters(min_codepoint=1, codec="utf-8")))
def test_bash_keeps_what_is_quoted_for_it(name: str) -> None:
    text = text_of("printf '%s\\0' {organization:bash} {token:bash}", name)
    assert in_bash(text) == [name, JWT]


@given(st.sampled_from(HOSTILE) | st.text(max_size=20))
def test_powershell_and_json_keep_what_is_quoted_for_them(name: str) -> None:
    text = text_of("{organization:powershell} {token:powershell}", name)
    assert powershell_string(text) == (name, f" '{JWT}'")
    assert json.loads(text_of('{"o": {organization:json}, "t": "{token}"}', name)) == {
        "o": name,
        "t": JWT,
    }


def test_an_address_keeps_what_is_quoted_for_it() -> None:
    text = text_of("{endpoint}/?o={organization:url} {token}", "a b&c=d/é")
    assert text.split()[0] == f"{ENDPOINT}/?o=a%20b%26c%3Dd%2F%C3%A9"


@pytest.mark.parametrize(
    "text",
    [
        'echo "for {organization:bash}" {token}',
        "echo 'for {organization:bash}' {token}",
        'Write-Host "{organization:powershell}" {token}',
        '{"o": "{organization:json}", "t": "{token}"}',
        'a="\n{organization:bash}" {token}',
        "# don't\n{token:bash}",
        'curl -d "{\\"o\\": \\"{organization:bash}\\"}" {token}',
        'irm -Body "{`"o`": `"{organization:powershell}`"}" {token}',
        "echo 'it'\"'\"'s {organization:bash}' {token}",
        'echo "$(echo "{organization:powershell}")" {token}',
        "# don't\necho '\n{organization:bash}' {token}",
        "echo \"# '\" '\" {organization:bash}' {token}",
        "\\{organization:bash} {token}",
        "`{organization:powershell} {token}",
        "^{organization:cmd} {token}",
    ],
)
def test_quotes_are_not_put_into_quotes(text: str) -> None:
    with pytest.raises(PlaceholderInQuotes):
        clean_template("Mine", text)


# ---- what may be kept -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "named", "there_are"),
    [
        ("{tokn}", "{tokn}", "{token}, {header}"),
        ("{Token}", "{Token}", "{token}"),
        ("{access-token}", "{access-token}", "{token}"),
        ("{token:sh}", "{token:sh}", "bash, powershell, cmd, json, url, raw"),
        ("{token:}", "{token:}", "bash, powershell"),
        ("{token} {organisation}", "{organisation}", "{organization}"),
    ],
)
def test_an_unknown_placeholder_is_named_beside_those_there_are(
    text: str, named: str, there_are: str
) -> None:
    with pytest.raises(PlaceholderUnknown) as caught:
        clean_template("Mine", text)
    assert caught.value.title == f"There is no placeholder “{named}”."
    assert there_are in caught.value.hint


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("", "{token}", Problem.NAME_MISSING),
        ("-x", "{token}", Problem.TEMPLATE_NAME_INVALID),
        ("a\u200bb", "{token}", Problem.TEMPLATE_NAME_INVALID),
        ("a\x1bb", "{token}", Problem.TEXT_UNPRINTABLE),
        ("x" * (LONGEST_NAME + 1), "{token}", Problem.TEXT_TOO_LONG),
        ("Curl", "{token}", Problem.TEMPLATE_NAME_TAKEN),
        ("aB3dE5gH7j" * 4, "{token}", Problem.TEMPLATE_NAME_IS_SECRET),
        ("Mine", "", Problem.TEMPLATE_WITHOUT_TOKEN),
        ("Mine", "{endpoint} {{token}} ${token}", Problem.TEMPLATE_WITHOUT_TOKEN),
        ("Mine", "{token}" + "x" * 2_000, Problem.TEXT_TOO_LONG),
        ("Mine", "{token}\x1b[31m", Problem.TEXT_UNPRINTABLE),
        ("Mine", f"{JWT} {{token}}", Problem.TEMPLATE_HOLDS_SECRET),
        ("Mine", "Authorization: Bearer abcDEF123456 {token}", Problem.TEMPLATE_HOLDS_SECRET),
        ("Mine", 'a="' + "aB3dE5gH7j" * 6 + '" {token}', Problem.TEMPLATE_HOLDS_SECRET),
    ],
)
def test_what_cannot_be_kept_says_why(name: str, text: str, problem: Problem) -> None:
    with pytest.raises(InputError) as caught:
        clean_template(name, text)
    assert caught.value.problem is problem
    assert caught.value.title
    assert JWT not in str(caught.value)


def test_a_name_and_a_text_are_kept_without_what_hangs_over() -> None:
    assert clean_template("  My   form ", "\n{token}\r\nx\n") == Template("My form", "{token}\nx")


# ---- by name ----------------------------------------------------------------------------------


def test_a_form_is_found_by_its_name() -> None:
    templates = {"My form": "{token}", "Other": "{header}"}
    mine, other = own_forms(templates)
    assert form_called("curl", templates) is Format.CURL
    assert form_called("my FORM", templates) == mine
    assert form_called("Other", templates) == other
    assert form_called("other form", templates) is None
    assert [name_of(form) for form in (Format.CURL, mine)] == ["curl", "My form"]


@given(st.text(max_size=60))
def test_any_text_is_taken_or_refused_and_breaks_nothing(text: str) -> None:
    try:
        form = clean_template("Mine", text + "{token}")
    except InputError:
        return
    assert JWT in filled(form, dict.fromkeys(VALUES, JWT))
