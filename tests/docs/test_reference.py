"""`docs/language-reference.md` is what the grammar says."""

from engine.definition.model import KINDS
from tests.docs import reference_page
from tests.docs.pages import page


def test_the_page_is_what_the_grammar_says() -> None:
    assert page("docs/language-reference.md") == reference_page.text(), (
        "run: python -m tests.docs.reference_page"
    )


def test_every_kind_of_step_and_every_key_is_on_the_page() -> None:
    text = page("docs/language-reference.md")

    assert [kind for kind in KINDS if f"\n### {kind}\n" not in text] == []
    assert [
        name
        for part in reference_page.PARTS.values()
        for key, field in part.model_fields.items()
        if f"\n| `{(name := field.alias or key)}` |" not in text
    ] == []
