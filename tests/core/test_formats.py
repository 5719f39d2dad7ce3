"""Formats: what is copied arrives as it was, whatever is in it."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_lines import after_cmd, arguments_of, powershell_string, variable_set_by
from partner_tokens.core.formats import Format, render
from partner_tokens.core.secret import Secret

ENDPOINT = "https://console.navigator.vmware.com"
ADDRESS = f"{ENDPOINT}/"
USUAL = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln-bmF0_dXJl"
HOSTILE = (
    "a'b\"c",
    "$HOME `id` $(id)",
    "%PATH%",
    "%PATH:~0,1%x%",
    "%%a%%",
    "100%",
    "!PATH! !!",
    "^&|<>()",
    "back\\slash\\",
    '\\"',
    '\\\\"x\\\\',
    "‘typographic’ ‚quotes‛ “too”",
    "=@file:x;y",
    "--option -x",
    "# no comment",
    "*?[a]{b,c}~",
)
VARIABLES = {"PATH": "C:\\Windows", "A": "no", "B": "no", "USERNAME": "ana"}

printable = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=30)
awkward = st.text(st.sampled_from("%^\"\\'&|<>()!=@:;,ab PATH‘’"), min_size=1, max_size=20)
values = pytest.mark.parametrize("value", [USUAL, *HOSTILE])


def rendered(form: Format, value: str) -> str:
    return render(form, Secret(value), ENDPOINT)


def in_bash(script: str) -> list[str]:
    """Runs a script in a bash of its own; gives the texts it prints, each ended by NUL."""
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-c", script],
        capture_output=True,
        env={"HOME": "/home/nobody", "PATH": "/usr/bin:/bin"},
        timeout=30,
        check=True,
    )
    assert not done.stderr
    return done.stdout.decode().split("\0")[:-1]


# ---- plain ------------------------------------------------------------------------------------


def test_a_header_is_one_line_with_the_name_the_service_wants() -> None:
    assert rendered(Format.HEADER, USUAL) == f"csp-auth-token: {USUAL}"


def test_the_other_header_is_a_bearer_one() -> None:
    assert rendered(Format.BEARER, USUAL) == f"Authorization: Bearer {USUAL}"


def test_the_bare_token_has_nothing_around_it() -> None:
    assert rendered(Format.TOKEN, USUAL) == USUAL


@pytest.mark.parametrize("form", Format)
def test_every_format_holds_the_token(form: Format) -> None:
    assert USUAL in rendered(form, USUAL)


# ---- bash -------------------------------------------------------------------------------------


@values
def test_bash_hands_curl_the_header_as_it_is(value: str) -> None:
    script = f"curl() {{ printf '%s\\0' \"$@\"; }}\n{rendered(Format.CURL, value)}"
    assert in_bash(script) == ["-H", f"csp-auth-token: {value}", ADDRESS]


@values
def test_bash_hands_httpie_the_header_as_it_is(value: str) -> None:
    script = f"http() {{ printf '%s\\0' \"$@\"; }}\n{rendered(Format.HTTPIE, value)}"
    assert in_bash(script) == ["GET", ADDRESS, f"csp-auth-token: {value}"]


@values
def test_bash_keeps_the_variable_as_it_is(value: str) -> None:
    script = f'{rendered(Format.ENV_BASH, value)}\nbash -c \'printf "%s\\0" "$CSP_AUTH_TOKEN"\''
    assert in_bash(script) == [value]


# ---- cmd --------------------------------------------------------------------------------------


def test_for_cmd_a_usual_token_stands_in_plain_quotes() -> None:
    line = rendered(Format.CURL_CMD, USUAL)
    assert line == f'curl.exe -H "csp-auth-token: {USUAL}" "{ADDRESS}"'


@given(st.sampled_from(HOSTILE) | printable | awkward)
def test_cmd_and_the_c_library_hand_curl_the_header_as_it_is(value: str) -> None:
    line = after_cmd(rendered(Format.CURL_CMD, value), VARIABLES)
    assert arguments_of(line) == ["curl.exe", "-H", f"csp-auth-token: {value}", ADDRESS]


@given(st.sampled_from(HOSTILE) | printable | awkward)
def test_cmd_keeps_the_variable_as_it_is(value: str) -> None:
    line = after_cmd(rendered(Format.ENV_CMD, value), VARIABLES)
    assert variable_set_by(line) == ("CSP_AUTH_TOKEN", value)


# ---- PowerShell -------------------------------------------------------------------------------


@given(st.sampled_from(HOSTILE) | printable | awkward)
def test_powershell_reads_the_header_as_it_is(value: str) -> None:
    text = rendered(Format.POWERSHELL, value)
    before = f"$request = @{{ Uri = '{ADDRESS}'; Headers = @{{ 'csp-auth-token' = "
    assert text.startswith(before)
    assert powershell_string(text.removeprefix(before)) == (
        value,
        " } }\nInvoke-RestMethod @request",
    )


@given(st.sampled_from(HOSTILE) | printable | awkward)
def test_powershell_keeps_the_variable_as_it_is(value: str) -> None:
    text = rendered(Format.ENV_POWERSHELL, value)
    assert text.startswith("$env:CSP_AUTH_TOKEN = ")
    assert powershell_string(text.removeprefix("$env:CSP_AUTH_TOKEN = ")) == (value, "")


# ---- Python -----------------------------------------------------------------------------------


@values
def test_python_reads_the_call_as_it_is_meant(value: str) -> None:
    class requests:  # noqa: N801  # the name in the text
        @staticmethod
        def get(url: str, headers: dict[str, str]) -> tuple[str, dict[str, str]]:
            return url, headers

    found = eval(rendered(Format.PYTHON, value), {"requests": requests})  # noqa: S307
    assert found == (ADDRESS, {"csp-auth-token": value})
