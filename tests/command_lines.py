"""How cmd, the C library of Windows and PowerShell read a line, by their documented rules.

cmd: "How does the Windows Command Interpreter (CMD.EXE) parse scripts?", phases 1 and 2 as they are
at the prompt. The C library: Microsoft's "Parsing C command-line arguments". PowerShell:
about_Quoting_Rules.
"""

import re
from collections.abc import Mapping

SINGLE_QUOTES = "'‘’‚‛"


def after_cmd(line: str, variables: Mapping[str, str]) -> str:
    """The line as cmd hands it on: `%name%` replaced, then carets outside of quotes taken off."""

    line = _expanded(line, variables)
    kept, at, in_quotes = [], 0, False
    while at < len(line):
        if line[at] == "^" and not in_quotes:
            at += 1
            kept.append(line[at : at + 1])
        else:
            if line[at] == '"':
                in_quotes = not in_quotes
            assert in_quotes or line[at] not in "&|<>", "another command would begin here"
            kept.append(line[at])
        at += 1
    return "".join(kept)


def _expanded(line: str, variables: Mapping[str, str]) -> str:
    """A name nobody has stays as it stands, and may end where another begins."""
    kept, at = "", 0
    while at < len(line):
        found = re.compile("%([^%]+)%").match(line, at)
        name = found[1].partition(":")[0].upper() if found else ""
        if found and name in variables:
            kept += variables[name]
            at = found.end()
        else:
            kept += line[at]
            at += 1
    return kept


def arguments_of(line: str) -> list[str]:
    """What a program's `argv` holds."""
    found: list[str] = []
    current, at, in_quotes, begun = "", 0, False, False
    while at < len(line):
        if line[at] in " \t" and not in_quotes:
            if begun:
                found.append(current)
            current, begun = "", False
            at += 1
            continue
        begun = True
        slashes = len(line[at:]) - len(line[at:].lstrip("\\"))
        at += slashes
        if line[at : at + 1] == '"':
            current += "\\" * (slashes // 2)
            if slashes % 2:
                current += '"'
            else:
                in_quotes = not in_quotes
            at += 1
        elif slashes:
            current += "\\" * slashes
        else:
            current += line[at]
            at += 1
    return [*found, current] if begun else found


def variable_set_by(line: str) -> tuple[str, str]:
    """The name and the value that cmd's `set` takes from what stands behind it."""
    rest = line.removeprefix("set ")
    if rest.startswith('"'):
        rest = rest[1 : rest.rindex('"')]
    name, _equals, value = rest.partition("=")
    return name, value


def powershell_string(literal: str) -> tuple[str, str]:
    """The value of the single-quoted string that the text begins with, and what follows it."""
    assert literal[0] in SINGLE_QUOTES
    value, at = "", 1
    while True:
        if literal[at] in SINGLE_QUOTES:
            if literal[at + 1 : at + 2] and literal[at + 1] in SINGLE_QUOTES:
                at += 1
            else:
                return value, literal[at + 1 :]
        value += literal[at]
        at += 1
