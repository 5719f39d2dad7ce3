"""The set-up of a checkout by packaging/dev.py, on folders of its own."""

import ast
import os
import shutil
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

import dev_environment
from dev_report import SetUpError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def copied(tmp_path: Path) -> Any:
    """The module dev_environment of a copied checkout, beside a real, empty virtual environment."""
    checkout = tmp_path / "check out"
    packaging = checkout / "packaging"
    shutil.copytree(ROOT / "packaging", packaging, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", checkout)
    venv = [sys.executable, "-m", "venv", "--without-pip", str(checkout / ".venv")]
    subprocess.run(venv, check=True)
    spec = spec_from_file_location("copied_environment", packaging / "dev_environment.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def stamp(environment: Any, tools: bool) -> None:
    environment.STAMP.write_text(environment.digest(tools), encoding="utf-8")


def test_a_set_up_without_its_stamp_is_not_ready(copied: Any) -> None:
    assert not copied.is_ready(tools=False)


def test_a_completed_set_up_is_left_alone(copied: Any) -> None:
    stamp(copied, tools=False)
    before = sorted(copied.ROOT.rglob("*"))
    copied.ensure(tools=False)
    assert sorted(copied.ROOT.rglob("*")) == before


def test_the_tests_set_up_serves_the_program_too_but_not_the_other_way_round(copied: Any) -> None:
    stamp(copied, tools=True)
    assert copied.is_ready(tools=False)
    stamp(copied, tools=False)
    assert not copied.is_ready(tools=True)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("packaging/requirements.txt", "requests==", "requests==9"),
        ("pyproject.toml", 'requires-python = ">=3.11"', 'requires-python = ">=3.12"'),
        ("pyproject.toml", '"resources/icons" = ', '"tests" = '),
    ],
)
def test_what_an_install_depends_on_makes_a_new_one(
    copied: Any, file: str, old: str, new: str
) -> None:
    stamp(copied, tools=False)
    text = (copied.ROOT / file).read_text(encoding="utf-8")
    assert old in text
    (copied.ROOT / file).write_text(text.replace(old, new), encoding="utf-8")
    assert not copied.is_ready(tools=False)


def test_a_setting_of_a_tool_installs_nothing(copied: Any) -> None:
    stamp(copied, tools=True)
    project = copied.ROOT / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    project.write_text(text.replace("max-complexity = ", "max-complexity = 1"), encoding="utf-8")
    assert copied.is_ready(tools=True)


@pytest.mark.skipif(os.name == "nt", reason="environments of Windows hold a copy of Python")
def test_an_environment_whose_python_was_replaced_is_not_ready(copied: Any) -> None:
    stamp(copied, tools=False)
    copied.PYTHON.unlink()
    assert not copied.is_ready(tools=False)
    copied.PYTHON.symlink_to("/bin/sh")
    assert not copied.is_ready(tools=False)


def test_a_cut_off_set_up_is_rebuilt_and_a_failed_one_built_upon(
    copied: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    nothing = f"nothing-there==1 --hash=sha256:{'0' * 64}\n"
    copied.REQUIREMENTS.write_text(nothing, encoding="utf-8")
    left_over = copied.VENV / "left over by a set-up that was killed"
    left_over.touch()
    with pytest.raises(SetUpError, match="nothing-there"):
        copied.ensure(tools=False)
    assert "Rebuilding" in capsys.readouterr().err
    assert not left_over.exists()
    with pytest.raises(SetUpError, match="nothing-there"):
        copied.ensure(tools=False)
    assert "Rebuilding" not in capsys.readouterr().err


def test_a_second_set_up_waits_for_the_first(copied: Any) -> None:
    code = (
        "import dev_environment as environment\n"
        "with environment._one_at_a_time(): print('mine', flush=True)\n"
    )
    with copied._one_at_a_time():
        second = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=copied.ROOT / "packaging",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert second.stderr is not None
        assert "waiting" in second.stderr.readline()
        assert second.poll() is None
    said, _ = second.communicate(timeout=20)
    assert said == "mine\n"


def test_a_place_that_cannot_be_written_is_one_sentence(copied: Any) -> None:
    (copied.ROOT / ".venv.lock").mkdir()
    with pytest.raises(SetUpError, match="could not be written"):
        copied.ensure(tools=False)


@pytest.mark.parametrize(
    ("output", "says"),
    [
        ("ERROR: Could not install: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE FILE", "not the one that was"),
        ("WARNING: Retrying after NewConnectionError('…: Name or service …')", "check the network"),
        ("ERROR: No matching distribution found for ruff==1", "no file for this system"),
        ("ERROR: something new", "something new"),
        ("", "did not say why"),
    ],
)
def test_a_failure_of_pip_is_put_into_one_sentence(output: str, says: str) -> None:
    sentence = dev_environment.explain_pip(output)
    assert says in sentence
    assert sentence.endswith(("then try again.", "package index.", "from 3.11 on."))
    assert "\n" not in sentence


def test_the_entry_can_be_read_by_pythons_too_old_for_the_rest() -> None:
    source = (ROOT / "packaging" / "dev.py").read_text(encoding="ascii")
    statements = ast.parse(source, feature_version=(3, 7)).body
    kinds = [type(statement) for statement in statements]
    assert kinds == [ast.Expr, ast.Import, ast.If, ast.Import, ast.If]


def test_an_unknown_command_shows_the_usage() -> None:
    answer = subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "dev.py"), "fly"], capture_output=True, text=True
    )
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "usage:" in answer.stderr
