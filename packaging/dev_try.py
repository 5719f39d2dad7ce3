"""Tries the packages as a person meets them: in a Debian of its own, and under Wine."""

import os
import shutil
import subprocess
from pathlib import Path

import dev_build
import dev_environment
import dev_system
from dev_report import SetUpError, say

TOOLS = ("debootstrap", "lintian", "appstream", "desktop-file-utils")
WINE = ("wine64", "wine", "nsis", "xvfb", "xauth")
PATIENT = ("-o", "faulthandler_timeout=0")
"""Wine takes longer than any of our tests: no stack of a test that merely waits."""
LINUX = dev_environment.ROOT / "packaging" / "linux"
DIST = dev_environment.ROOT / "dist"
BASE = dev_build.BUILD / "debian-base"
"""Made once; each trial gets a copy."""
TRIAL = dev_build.BUILD / "debian-trial"
OLDER = dev_build.BUILD / "older"
OLDER_VERSION = "0.0.1"
STORIES = ("add_a_token", "copy_a_header", "time_passes")


def try_package(arguments: list[str]) -> int:
    """Build the package, judge it, then install, use, upgrade and purge it.

    Raises:
        SetUpError: not root, not on Debian, or a tool is missing and cannot be installed.
    """
    if arguments == ["windows"]:
        return _try_setup()
    if arguments or os.name == "nt" or os.geteuid() != 0:
        raise SetUpError("try-package has to be run as root; its one option is `windows`.")
    dev_environment.ensure(tools=True)
    dev_system.ensure_for_tests(dev_environment.qt_folder())
    dev_system.ensure_packages(TOOLS, "the tools that judge packages")
    if dev_build.build([]):
        return 1
    (package,) = DIST.glob("*.deb")
    results = [(" ".join(command[:2]), _run(command)) for command in _judges(package)]
    results.append(("upgrade, purge, stories", _go_through(package)))
    for name, passed in results:
        say(f"{'passed' if passed else 'FAILED'}  {name}")
    return 0 if all(passed for _, passed in results) else 1


def _try_setup() -> int:
    """Run the installer for Windows under Wine, around a stand-in."""
    dev_environment.ensure(tools=True)
    dev_system.ensure_packages(WINE, "Wine and NSIS")
    trial = dev_environment.ROOT / "tests" / "installed" / "setup_under_wine.py"
    return (
        0 if _run([str(dev_environment.PYTHON), "-m", "pytest", "-q", *PATIENT, str(trial)]) else 1
    )


def _judges(package: Path) -> list[list[str]]:
    return [
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"],
        ["desktop-file-validate", str(LINUX / "partner-tokens.desktop")],
        ["appstreamcli", "validate", "--no-net", *map(str, LINUX.glob("*.metainfo.xml"))],
        [str(dev_build.PYTHON.with_name("zizmor")), "--offline", "--quiet", ".github"],
        ["lintian", "--allow-root", "--fail-on", "error,warning", str(package)],
    ]


def _go_through(package: Path) -> bool:
    older = _older_package()
    _make_root()
    packages = TRIAL / "packages"
    packages.mkdir()
    for version, file in (("older", older), ("newer", package)):
        shutil.copy(file, packages / f"{version}.deb")
    tests = dev_environment.ROOT / "tests"
    stories = [str(tests / "stories" / f"test_{story}.py") for story in STORIES]
    # What is mounted in a mount namespace of one's own is gone with it, whatever happens.
    return _run(
        [
            *(
                "unshare",
                "--mount",
                str(dev_environment.PYTHON),
                "-m",
                "pytest",
                "-p",
                "no:randomly",
            ),
            *("-q", str(tests / "installed" / "trial.py"), *stories),
        ],
        PARTNER_TOKENS_ROOT=str(TRIAL),
        LANG="C.UTF-8",
    )


def _older_package() -> Path:
    """The same program under a lower version: there is no older release to upgrade from yet."""
    shutil.rmtree(OLDER, ignore_errors=True)
    OLDER.mkdir(parents=True)
    environment = dev_build.environment(dev_build.BUILD, OLDER)
    environment["PYTHONPATH"] += f"{os.pathsep}{dev_build.BUILD / 'wheel'}"
    code = f"from release.debian import make_deb; make_deb({OLDER_VERSION!r}, 'none')"
    subprocess.run([str(dev_build.PYTHON), "-c", code], env=environment, check=True)
    (older,) = OLDER.glob("*.deb")
    return older


def _make_root() -> None:
    """A Debian of this machine's release, with nothing but its base, from this machine's mirror."""
    if not (BASE / "etc" / "debian_version").exists():
        say("Making a Debian to install the package into …")
        release = subprocess.run(
            ["sh", "-c", '. /etc/os-release && echo "$VERSION_CODENAME"'],
            capture_output=True,
            text=True,
        ).stdout.strip()
        targets = ["apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages"]
        sites = subprocess.run(targets, capture_output=True, text=True).stdout.split()
        if not sites:
            raise SetUpError("apt knows no mirror: run `apt-get update`, then try again.")
        unfinished = BASE.with_name("debian-unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        subprocess.run(
            ["debootstrap", "--variant=minbase", release, str(unfinished), sites[0]],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        for folder in ("etc/apt", "usr/share/keyrings"):
            subprocess.run(["cp", "-a", f"/{folder}/.", str(unfinished / folder)], check=True)
        unfinished.rename(BASE)
    shutil.rmtree(TRIAL, ignore_errors=True)
    subprocess.run(["cp", "-a", str(BASE), str(TRIAL)], check=True)
    for file in ("resolv.conf", "hosts"):
        shutil.copy(Path("/etc") / file, TRIAL / "etc" / file)


def _run(command: list[str], **variables: str) -> bool:
    say(f"--- {' '.join(command[:3])} …")
    folder = DIST if "SHA256SUMS" in command else dev_environment.ROOT
    return subprocess.run(command, cwd=folder, env=os.environ | variables).returncode == 0
