"""The package in a clean Debian: installed, used, upgraded, purged, and what is left of it then.

Run by `dev.py try-package`, in a mount namespace of its own. The last test leaves the package
installed, for the stories that come after.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from partner_tokens.sandbox.service import Sandbox
from patience import wait_for
from stories.adding import add
from stories.harness import ROOT_OF_INSTALLED, Stage, command
from stories.stored import known

ROOT = Path(os.environ[ROOT_OF_INSTALLED])
CONTOSO = known("Contoso")
ENVIRONMENT = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "DEBIAN_FRONTEND": "noninteractive",
    "LANG": "C.UTF-8",
}
OURS = ("usr/lib/partner-tokens", "usr/bin/partner-tokens", "usr/share/doc/partner-tokens")


@pytest.fixture(scope="session", autouse=True)
def shared_folders(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What programs in the other root share with this one: /proc, /dev, and the tests' folders."""
    base = str(tmp_path_factory.getbasetemp())
    (ROOT / base.lstrip("/")).mkdir(parents=True, exist_ok=True)
    for options in (
        ["-t", "proc", "proc", "/proc"],
        ["--rbind", "/dev", "/dev"],
        ["--bind", base, base],
    ):
        *what, place = options
        subprocess.run(["mount", *what, f"{ROOT}{place}"], check=True)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.close()


def in_root(*words: str) -> str:
    """Runs a command in the other Debian; gives what it printed."""
    done = subprocess.run(
        ["chroot", str(ROOT), *words],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def install(version: str) -> None:
    """With what it depends on, and nothing of what it merely recommends."""
    apt = ("apt-get", "-qq", "install", "--yes", "--no-install-recommends")
    in_root(*apt, f"/packages/{version}.deb")


def installed_version() -> str:
    return in_root("dpkg-query", "--show", "--showformat=${Version}", "partner-tokens")


def terminal(stage: Stage, *words: str, given: str = "") -> str:
    """What the terminal program prints, in the user's own places."""
    done = subprocess.run(
        [*command("partner-tokens-cli"), *words],
        env=stage.desktop.environment,
        input=given,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_is_installed_with_all_that_it_needs() -> None:
    in_root("apt-get", "-qq", "update")
    install("older")
    for name in ("partner-tokens", "partner-tokens-cli"):
        assert in_root(f"/usr/bin/{name}", "--version").startswith("Partner Tokens ")
    user = ["chroot", "--userspec=65534:65534", str(ROOT), "/usr/bin/partner-tokens-cli"]
    answer = subprocess.run(
        [*user, "--demo", "list"], env={**ENVIRONMENT, "HOME": "/tmp"}, capture_output=True
    )
    assert (answer.returncode, answer.stderr) == (0, b"")
    assert b"Contoso" in answer.stdout
    load = "source /usr/share/bash-completion/completions/partner-tokens-cli"
    assert "complete -F" in in_root("bash", "-c", f"{load}; complete -p partner-tokens-cli")
    assert (ROOT / "usr/share/zsh/vendor-completions/_partner-tokens-cli").is_file()


def test_a_child_of_exec_learns_nothing_of_where_the_program_lies() -> None:
    said = in_root(
        *("/usr/bin/partner-tokens-cli", "--demo", "exec", "coho", "reporting", "--", "env")
    )
    assert "CSP_AUTH_TOKEN=" in said
    assert "/usr/lib/partner-tokens" not in said


def test_tokens_survive_an_upgrade_and_a_purge(stage: Stage) -> None:
    with Sandbox() as service:
        service.register(CONTOSO)
        older = installed_version()
        program = stage.start()
        stage.desktop.focus("^First minute")
        stage.desktop.keys("Escape")
        stage.desktop.focus("^Partner Tokens$")
        add(stage, program, service.url, CONTOSO, name="billing")
        stage.desktop.keys("ctrl+q")
        assert (program.ended(), program.errors) == (0, "")

        install("newer")
        assert installed_version() != older
        program = stage.start()
        stage.desktop.focus("^Partner Tokens$")
        stage.sees(program, "Contoso", "Keyring: Secret Service")
        stage.desktop.keys("Return")
        wait_for(lambda: stage.desktop.clipboard().startswith("csp-auth-token: eyJ"), "the header")
        stage.desktop.keys("ctrl+q")
        assert (program.ended(), program.errors) == (0, "")

        in_root("apt-get", "-qq", "purge", "--yes", "partner-tokens")
        assert [place for place in OURS if (ROOT / place).exists()] == []
        assert (stage.desktop.home / "data" / "partner-tokens" / "tokens.sqlite3").is_file()

        install("newer")
        assert "Contoso" in terminal(stage, "list")
        sealed = stage.desktop.home / "handed-over.age"
        words, asked = "five words nobody would guess", ("--file-passphrase-fd", "0")
        terminal(stage, "backup", str(sealed), *asked, given=words)
        assert sealed.read_bytes().startswith(b"age-encryption.org/v1\n")
        assert "Contoso" in terminal(stage, "import", str(sealed), "--dry-run", *asked, given=words)
