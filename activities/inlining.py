"""HTML as mail programs read it: the style of every class in the elements themselves.

Outlook and Gmail drop much of what stands in a style sheet. What begins with @ (dark colours) stays in one, for
the programs that heed it.
"""

from functools import cache

from css_inline import CSSInliner


def inlined(html: str) -> str:
    """The same page with its style inside. Loads nothing from anywhere."""
    return _inliner().inline(html)


@cache
def _inliner() -> CSSInliner:
    return CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
