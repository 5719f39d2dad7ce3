"""The text of a tooltip of which nothing is taken for rich text itself."""


def plain_tip(*lines: str) -> str:
    """These lines, those that are empty left out; Qt breaks them where they are long."""
    from html import escape

    return f"<span>{'<br>'.join(escape(line) for line in lines if line)}</span>"
