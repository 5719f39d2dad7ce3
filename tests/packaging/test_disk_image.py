"""How the bundle for macOS is signed; the commands are looked at, not run."""

import plistlib
from pathlib import Path

import pytest

from release.disk_image import ENTITLEMENTS, closing_commands, signing_commands

PROGRAM = b"\xcf\xfa\xed\xfe and the rest"
IDENTITY = "Developer ID Application: Example"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    made = tmp_path / "Partner Tokens.app"
    for name in ("MacOS/partner-tokens", "Frameworks/PySide6/QtCore.abi3.so", "Frameworks/a.dylib"):
        file = made / "Contents" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(PROGRAM)
    (made / "Contents" / "Info.plist").write_text("words")
    (made / "Contents" / "Frameworks" / "link.dylib").symlink_to("a.dylib")
    return made


def test_what_is_inside_is_signed_before_what_is_around_it(bundle: Path) -> None:
    *signed, verified = signing_commands(bundle, IDENTITY)
    names = [Path(command[-1]).name for command in signed]
    assert names == ["QtCore.abi3.so", "a.dylib", "partner-tokens", "Partner Tokens.app"]
    assert verified[:3] == ["codesign", "--verify", "--strict"]
    assert not any("--deep" in command for command in signed)


def test_programs_are_hardened_and_libraries_get_no_rights(bundle: Path) -> None:
    *signed, _verified = signing_commands(bundle, IDENTITY)
    hardened = [Path(command[-1]).name for command in signed if "--entitlements" in command]
    assert hardened == ["partner-tokens", "Partner Tokens.app"]
    assert all("--timestamp" in command for command in signed)
    assert all(IDENTITY in command for command in signed)


def test_apple_is_asked_only_where_there_is_somebody_to_ask_for(tmp_path: Path) -> None:
    image = tmp_path / "x.dmg"
    assert closing_commands(image, "-", "profile") == []
    assert len(closing_commands(image, IDENTITY, "")) == 1
    words = [" ".join(command) for command in closing_commands(image, IDENTITY, "profile")]
    assert "notarytool submit" in words[1]
    assert "stapler staple" in words[2]


def test_the_entitlements_are_one() -> None:
    asked = plistlib.loads(ENTITLEMENTS.read_bytes())
    assert asked == {"com.apple.security.cs.allow-unsigned-executable-memory": True}
