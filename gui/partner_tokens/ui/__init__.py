"""What the user sees and touches; the only package that imports Qt.

PySide puts a hook into every import statement, for features that we do not use: it reads the source
of each module that is imported from then on, which takes a quarter of the time and keeps 12 MiB of
text. A program without sources, as an installer makes it, does without; so do we.
"""

import builtins

import PySide6.QtCore  # noqa: F401  # brings the hook

builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
