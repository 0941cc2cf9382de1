"""Texts that are hard to read as YAML: large, deep and strange."""

from tests.definitions.hostile_parts import case, nested, task, written


def bomb(width: int, depth: int) -> str:
    levels = (f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * width)}]" for level in range(1, depth))
    return "\n".join(["a0: &a0 [x]", *levels])


def blocks(depth: int) -> str:
    return "\n".join(f"{' ' * level}a:" for level in range(depth)) + " 1\n"


TEXTS = {
    "nothing": "",
    "one letter": "x",
    "a million brackets": "[" * 1_000_000,
    "a thousand lists": "steps: " + "[" * 1_000 + "]" * 1_000,
    "a thousand maps": "{a: " * 1_000 + "1" + "}" * 1_000,
    "a thousand levels": blocks(1_000),
    "a thousand entries": "- " * 1_000 + "x",
    "a thousand complex keys": "? " * 1_000 + "x",
    "sixty levels of steps": written(steps=nested(case, 19)),
    "alias bomb": bomb(10, 9),
    "wide alias bomb": "a: &a [" + "x, " * 30_000 + "]\nb: [*a, *a, *a, *a]",
    "aliases of a long text": "a: &a " + "x" * 500_000 + "\nb: [" + "*a, " * 90_000 + "]",
    "aliases of a long bad text": "process: &a " + "X" * 900_000 + "\nsteps: [" + "*a, " * 20_000 + "]",
    "alias of a key": "&a " + "x" * 100_000 + ": 1\n" + "b: {*a : 1}\n",
    "alias of itself": "a: &a [*a]",
    "anchors": "\n".join(f"k{n}: &a{n} x" for n in range(5_000)),
    "merge keys": "a: &a {x: 1}\nb: {<<: *a, <<: [*a, *a]}",
    "tags": "a: !!python/object/apply:os.system ['true']",
    "a local tag": "a: !x y",
    "directives": "%YAML 1.1\n" * 50_000 + "--- a",
    "documents": "--- a\n" * 100_000,
    "comments": "# x\n" * 250_000,
    "spaces": " " * 1_000_000,
    "lines": "\n" * 1_000_000,
    "separators": "\u2028" * 300_000 + "x: [",
    "tabs": "a:\n\t" * 200_000,
    "quotes": '"' * 1_000_000,
    "an open text": "a: '" + "x" * 1_000_000,
    "escapes": 'a: "' + "\\x41" * 250_000 + '"',
    "a lone surrogate": 'a: "\\ud800"',
    "a NUL": 'a: "\\0"\nprocess: "\\0"',
    "colons": ": " * 300_000,
    "dashes": "-" * 1_000_000,
    "keys that are lists": "{[a]: 1}",
    "a million digits": "version: " + "9" * 1_000_000,
    "a huge exponent": "version: 1." + "0" * 100_000 + "e999",
    "a hundred thousand parts": "a: [" + "x," * 99_000 + "]",
    "a hundred thousand keys": "\n".join(f"k{n}: x" for n in range(49_000)),
    "keys of one letter": "\n".join(f"{chr(0x4E00 + n)}: x" for n in range(20_000)),
    "a name of 100,000 letters": written(steps=[task("x" * 100_000)]),
    "a key of 100,000 letters": written(**{"x" * 100_000: 1}),
    "strange keys": written(**{"\u202eabc": 1, "e\u0301\u0301": 2, "\u200b": 3, "\U0001f9d1\u200d": 4}),
    "strange names": written(
        steps=[task("\u202ework"), task("wor\u200bk"), task("\uff57ork"), task("\u0301")]
    ),
}
"""By what is hostile about each."""
