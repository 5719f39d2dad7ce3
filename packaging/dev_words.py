"""Keeps the translations in step with the source, with the tools of the private environment."""

import subprocess

import dev_environment

TRANSLATIONS = dev_environment.ROOT / "resources" / "translations"


def words(arguments: list[str]) -> int:
    """Refresh every translation from the source and compile it; 1 if something is untranslated.

    Raises:
        SetUpError: the set-up failed.
    """
    dev_environment.ensure(tools=True)
    return _run("words.py", *arguments)


def compile_stale() -> None:
    """Compile what was translated since the checkout was installed, if there is anything."""
    for source in TRANSLATIONS.glob("*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime <= source.stat().st_mtime:
            _run("compiled_words.py")
            return


def _run(script: str, *arguments: str) -> int:
    file = dev_environment.ROOT / "packaging" / script
    return subprocess.run([str(dev_environment.PYTHON), str(file), *arguments]).returncode
