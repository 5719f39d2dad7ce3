"""What the user sees and touches; the only package that imports Qt."""
