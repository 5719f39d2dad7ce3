"""The pictures of the user guide: one command paints all that the README shows, and no others."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_command_paints_what_the_readme_shows_with_words_for_who_cannot_see_it(
    tmp_path: Path,
) -> None:
    script = ROOT / "packaging" / "paint_pictures.py"
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "LANGUAGE": "en"}
    command = [sys.executable, str(script), str(tmp_path)]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=100)
    painted = {file.stem for file in tmp_path.glob("*.png")}
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = re.findall(r"packaging/pictures/([\w-]+)\.png", readme)
    assert set(shown) == painted
    assert {file.stem for file in (ROOT / "packaging" / "pictures").glob("*.png")} == painted
    tags = re.findall(r"<img [^>]*>", readme)
    assert [tag for tag in tags if not re.search(r'alt="[^"]{10,}"', tag)] == []
