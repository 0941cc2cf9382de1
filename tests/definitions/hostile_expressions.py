"""Expressions that are hard to read or to compute."""

from tests.definitions.hostile_parts import task, written


def walks(depth: int) -> str:
    return "a" + "".join(f".map(x{n}, a" for n in range(depth)) + ")" * depth


#: One expression each, at most 2,000 characters long.
EXPRESSIONS: dict[str, str] = {
    "brackets": "(" * 999 + "1" + ")" * 999,
    "lists": "[" * 999 + "1" + "]" * 999,
    "maps": "{'a':" * 300 + "1" + "}" * 300,
    "open brackets": "(" * 2_000,
    "not": "!" * 1_996 + "true",
    "minus": "-" * 1_999 + "1",
    "choices": "true?1:" * 285 + "1",
    "nested choices": "true?" * 250 + "1" + ":1" * 250,
    "ors": "true||" * 330 + "true",
    "sum": "1+" * 999 + "1",
    "texts": "t+" * 999 + "t",
    "fields": "t" + ".a" * 999,
    "places": "a" + "[0]" * 600,
    "nested places": "a[" * 600 + "0" + "]" * 600,
    "walks in walks": walks(120),
    "walks on walks": "a" + ".map(x,x)" * 200,
    "doubling": "[1]" + ".map(x,[x,x])" * 150,
    "growing": "[a]" + ".map(x,x+x)" * 170,
    "choice of lists": "[[]]" + ".map(x,true?x:[x])" * 100,
    "records": "{" + ",".join(f"'k{n}':{{'a':[1]}}" for n in range(110)) + "}",
    "sum of records": "+".join(f"[{{'k{n}':1}}]" for n in range(140)),
    "exists": "".join(f"a.exists(x{n}, " for n in range(100)) + "true" + ")" * 100,
    "filters": "a" + ".filter(x,x>0)" * 130,
    "has": "has(t.a)&&" * 190 + "true",
    "pattern": "t.matches('" + "(a*)*" * 380 + "')",
    "large pattern": "t.matches('((((a{100}){100}){100}){100}){100}')",
    "bad pattern": "t.matches('(((((')",
    "text": "'" + "\u202e" * 1_900 + "'",
    "raw text": "r'" + "\\" * 1_900 + "'",
    "bytes": "b'" + "\u0301" * 1_000 + "'",
    "huge number": "9" * 1_999,
    "tiny number": "0." + "0" * 1_990 + "1",
    "exponent": "1e999999999",
    "hex": "0x" + "f" * 1_900,
    "commas": "," * 2_000,
    "dots": "." * 2_000,
    "quotes": "'" * 1_999,
    "comment": "1 //" + "x" * 1_900,
    "lines": "1" + "\n" * 1_900 + "+ nothing",
    "zero width": "a\u200b" * 900,
    "nul": "'\\0'+\"\\000\"",
    "calls": "size(" * 390 + "t" + ")" * 390,
    "unknown calls": "f(" * 900 + "t" + ")" * 900,
    "names": "+".join(f"unknown_{n}" for n in range(140)),
    "durations": "duration('" + "9" * 1_000 + "s')",
    "conversions": "int(" * 390 + "'1'" + ")" * 390,
    "casts": "string(" * 280 + "1" + ")" * 280,
    "message": "google.protobuf.Any{" * 90 + "}" * 90,
    "dyn": "dyn(" * 390 + "1" + ")" * 390,
}


def costly(number: int) -> str:
    """A condition that reads nothing, and takes as long as is allowed."""
    numbers = ",".join(map(str, range(90)))
    return f"[{numbers}].map(x, [{numbers}].map(y, x + y)) == [[{number}]]"


DEFINITIONS = {
    f"expression: {name}": written(
        steps=[{"set": {"v": text}}, task(title=f"{{{{ {text[:1990]} }}}}", show={"x": text})]
    )
    for name, text in EXPRESSIONS.items()
}
"""Each expression alone, in a text, and where a person sees it."""
