"""The commands of the terminal, over the same core as the window; no Qt."""
