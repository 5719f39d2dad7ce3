"""Signs the bundle for macOS, packs it into a disk image, and has Apple look at it.

Without SIGNING_IDENTITY (a "Developer ID Application: …" in the keychain) the bundle is signed for
this computer only; without NOTARY_PROFILE (made once by `xcrun notarytool store-credentials`) the
image is not sent to Apple. Written by Apple's manuals; not run yet.
"""

import os
import shutil
import subprocess
from pathlib import Path

from release import places
from release.identity import NAME

ENTITLEMENTS = places.PACKAGING / "macos" / "entitlements.plist"
MACH_O = (b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
"""How files begin that have to be signed: for one kind of machine, and for several."""


def make_disk_image() -> Path:
    """Makes the image in `places.DIST`; gives it."""
    identity = os.environ.get("SIGNING_IDENTITY", "-")
    for command in signing_commands(places.APP_BUNDLE, identity):
        subprocess.run(command, check=True)
    folder = places.BUILD / "disk image"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(places.APP_BUNDLE, folder / places.APP_BUNDLE.name, symlinks=True)
    (folder / "Applications").symlink_to("/Applications")
    image = places.DIST / f"partner-tokens-{places.version()}.dmg"
    subprocess.run(
        ["hdiutil", "create", "-volname", NAME, "-srcfolder", folder, "-format", "ULFO", image],
        check=True,
    )
    for command in closing_commands(image, identity, os.environ.get("NOTARY_PROFILE", "")):
        subprocess.run(command, check=True)
    return image


def signing_commands(bundle: Path, identity: str) -> list[list[str]]:
    """What signs it, the innermost first: `--deep` would give the entitlements to all of it."""
    inside = [file for file in bundle.rglob("*") if _is_signed(file)]
    inside.sort(key=lambda file: (-len(file.parts), str(file)))
    sign = ["codesign", "--force", "--sign", identity]
    sign += [] if identity == "-" else ["--timestamp"]
    programs = bundle / "Contents" / "MacOS"
    commands = []
    for file in inside:
        hardened = ["--options", "runtime", "--entitlements", str(ENTITLEMENTS)]
        commands.append([*sign, *(hardened if file.parent == programs else []), str(file)])
    commands.append(
        [*sign, "--options", "runtime", "--entitlements", str(ENTITLEMENTS), str(bundle)]
    )
    commands.append(["codesign", "--verify", "--strict", "--verbose=2", str(bundle)])
    return commands


def closing_commands(image: Path, identity: str, notary_profile: str) -> list[list[str]]:
    """What signs the image and has it notarized, as far as there are an identity and a profile."""
    if identity == "-":
        return []
    commands = [["codesign", "--sign", identity, "--timestamp", str(image)]]
    if notary_profile:
        notary = ["xcrun", "notarytool", "submit", str(image), "--wait"]
        commands += [
            [*notary, "--keychain-profile", notary_profile],
            ["xcrun", "stapler", "staple", str(image)],
            [
                "spctl",
                "--assess",
                "--type",
                "open",
                "--context",
                "context:primary-signature",
                str(image),
            ],
        ]
    return commands


def _is_signed(file: Path) -> bool:
    if file.is_symlink() or not file.is_file():
        return False
    with file.open("rb") as opened:
        return opened.read(4) in MACH_O
