"""What a question is called when people are told about it."""

from engine.definition.values import Given, Rows


def said(name: str, question: Given | Rows | None) -> str:
    """`How many read to you (heard)`: its label, and the name by which it is given."""
    return f"{question.label} ({name})" if question and question.label else name
