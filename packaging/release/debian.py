"""Makes the Debian package of the frozen program."""

import gzip
import os
import platform
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from textwrap import fill

from release import places
from release.change_log import METAINFO, releases
from release.dependencies import needed_packages
from release.icons_of_theme import put_icons
from release.identity import COMMANDS, PUBLISHER
from release.man_pages import man_page

NAME = "partner-tokens"
LINUX = places.PACKAGING / "linux"
TREE = places.BUILD / "deb"
MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
REVISION = "1"
MAINTAINER = f"{PUBLISHER} <maintainers@partnertokens.internal>"
"""The field needs an address; this one leads nowhere, as the project has none of its own."""

RECOMMENDED = (
    "gnome-keyring | kwalletmanager | org.freedesktop.secrets",
    "fonts-dejavu-core | fonts-noto-core",
)
"""Without a keyring the program offers a passphrase; without any font Qt draws boxes."""
SUGGESTED = ("wl-clipboard",)


COMPLETIONS = {
    "partner-tokens-cli.bash": "bash-completion/completions/partner-tokens-cli",
    "_partner-tokens-cli": "zsh/vendor-completions/_partner-tokens-cli",
    "partner-tokens-cli.fish": "fish/vendor_completions.d/partner-tokens-cli.fish",
}
"""Which of the scripts each shell looks for, and where."""
SCRIPTS = places.UNPACKED / "partner_tokens" / "resources" / "completion"


def make_deb(version: str = "", compression: str = "xz") -> Path:
    """Makes the package in `places.DIST`; `version` is the checkout's unless one is named."""
    version = version or places.version()
    shutil.rmtree(TREE, ignore_errors=True)
    _fill(TREE)
    _date(TREE)
    settings = places.BUILD / "nfpm.yaml"
    settings.write_text(_settings(version, compression), encoding="utf-8")
    nfpm = str(Path(sys.executable).parent / "nfpm")
    subprocess.run(
        [nfpm, "package", "--packager", "deb", "--config", settings, "--target", places.DIST],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return places.DIST / f"{NAME}_{version}-{REVISION}_{architecture()}.deb"


def architecture() -> str:
    """What Debian calls this kind of machine."""
    return MACHINES[platform.machine()]


def _fill(tree: Path) -> None:
    share, documents = tree / "usr/share", tree / "usr/share/doc" / NAME
    shutil.copytree(places.FROZEN, tree / "usr/lib" / NAME, symlinks=True)
    (tree / "usr/bin").mkdir(parents=True)
    when = datetime.fromtimestamp(_date_of_all(), UTC)
    for command in COMMANDS:
        (tree / "usr/bin" / command).symlink_to(f"../lib/{NAME}/{command}")
        _put(share / "man/man1" / f"{command}.1.gz", _packed(man_page(command, when)))
    _copy(LINUX / f"{NAME}.desktop", share / "applications" / f"{NAME}.desktop")
    _copy(METAINFO, share / "metainfo" / METAINFO.name)
    for script, place in COMPLETIONS.items():
        _copy(SCRIPTS / script, share / place)
    put_icons(share / "icons/hicolor")
    _put(documents / "copyright", _copyright().encode())
    licences = f"lib/{NAME}/_internal/partner_tokens/resources/licences"
    (documents / "licences").symlink_to(f"../../../{licences}")
    _put(documents / "changelog.Debian.gz", _packed(change_log()))
    _copy(LINUX / "lintian-overrides", share / "lintian/overrides" / NAME)


def change_log() -> str:
    """The releases as Debian writes a change log."""
    return "\n".join(
        f"{NAME} ({release.version}-{REVISION}) unstable; urgency=medium\n\n"
        + "".join(
            fill(line, 78, initial_indent="  * ", subsequent_indent="    ") + "\n"
            for line in release.lines
        )
        + f"\n -- {MAINTAINER}  {release.at:%a, %d %b %Y %H:%M:%S +0000}\n"
        for release in releases()
    )


def _copyright() -> str:
    licence = (places.ROOT / "LICENSE").read_text(encoding="utf-8")
    terms = licence.partition("\n\n")[2]
    holder, _, text = terms.partition("\n\n")
    indented = "".join(f" {line or '.'}\n" for line in text.strip().splitlines())
    return (
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
        "Upstream-Name: Partner Tokens\n"
        "Comment: The works of others that are shipped in /usr/lib/partner-tokens, Qt under the\n"
        f" LGPL-3 among them, are listed in licences/{places.NOTICES.name} beside this file.\n"
        " The LGPL-3 and the GPL-3 are also in /usr/share/common-licenses.\n\n"
        f"Files: *\nCopyright: {holder.removeprefix('Copyright (c) ')}\nLicense: Expat\n{indented}"
    )


def _settings(version: str, compression: str) -> str:
    def entries(names: list[str]) -> str:
        return "".join(f"  - {name}\n" for name in names)

    return (
        f"name: {NAME}\narch: {architecture()}\nversion: {version}\nversion_schema: none\n"
        f'release: "{REVISION}"\nmaintainer: {MAINTAINER}\n'
        "section: utils\npriority: optional\nlicense: MIT\n"
        f"mtime: {datetime.fromtimestamp(_date_of_all(), UTC):%Y-%m-%dT%H:%M:%SZ}\n"
        f"description: |\n{_indented((LINUX / 'description.txt').read_text(encoding='utf-8'))}"
        f"depends:\n{entries(needed_packages(TREE))}"
        f"recommends:\n{entries(list(RECOMMENDED))}suggests:\n{entries(list(SUGGESTED))}"
        f"contents:\n  - src: {TREE}\n    dst: /\n    type: tree\n"
        f"deb:\n  compression: {compression}\n"
    )


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())


def _date_of_all() -> int:
    return int(os.environ["SOURCE_DATE_EPOCH"])


def _date(tree: Path) -> None:
    for path in [tree, *tree.rglob("*")]:
        os.utime(path, (_date_of_all(),) * 2, follow_symlinks=False)
        if not path.is_symlink():
            executable = path.is_dir() or (os.access(path, os.X_OK) and ".so" not in path.name)
            path.chmod(0o755 if executable else 0o644)


def _packed(text: str) -> bytes:
    return gzip.compress(text.encode(), 9, mtime=0)


def _put(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _copy(source: Path, target: Path) -> None:
    _put(target, source.read_bytes())
