"""Which Debian packages bring the libraries that the frozen program does not."""

import re
import subprocess
import tempfile
from pathlib import Path


class LibraryMissing(Exception):
    """Names the libraries, and the files that need them."""


ELF = b"\x7fELF"


def needed_packages(tree: Path) -> list[str]:
    """Depends of the package, as Debian's own tool works them out from all files in the tree.

    Raises LibraryMissing where one is found neither in the tree nor on this system: then too much
    was left out of the program.
    """
    files = [file for file in sorted(tree.rglob("*")) if _is_elf(file)]
    private = sorted({f"-l{file.parent}" for file in files})
    with tempfile.TemporaryDirectory() as folder:
        control = Path(folder) / "debian" / "control"
        control.parent.mkdir()
        control.write_text("Source: partner-tokens\n\nPackage: partner-tokens\nArchitecture: any\n")
        answer = subprocess.run(
            ["dpkg-shlibdeps", "-O", "--ignore-missing-info", *private, *map(str, files)],
            cwd=folder,
            capture_output=True,
            text=True,
        )
    errors = [line for line in answer.stderr.splitlines() if "error: " in line]
    if answer.returncode:
        raise LibraryMissing("\n".join(errors))
    named = re.sub(r"^shlibs:Depends=", "", answer.stdout.strip())
    return sorted(part.strip() for part in named.split(","))


def _is_elf(file: Path) -> bool:
    if file.is_symlink() or not file.is_file():
        return False
    with file.open("rb") as opened:
        return opened.read(4) == ELF
