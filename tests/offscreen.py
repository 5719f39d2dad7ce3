"""A program in a process of its own, on a screen that nobody sees."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def said_by(program: str, home: Path) -> str:
    """Runs Python source in an empty home, which it gets as its argument; what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", program, str(home)],
        env={
            "QT_QPA_PLATFORM": "offscreen",
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT / "gui"),
            "HOME": str(home),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout
