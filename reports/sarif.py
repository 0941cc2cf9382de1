"""Findings as SARIF 2.1.0: the format in which code hosts and editors take over what a checker found.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


@dataclass(frozen=True, slots=True)
class Result:
    """One finding: which rule, what, and where. Lines and columns count from 1."""

    rule: str
    message: str
    file: str
    line: int
    column: int
    warning: bool


def sarif(results: Iterable[Result], rules: Mapping[str, str], version: str) -> dict[str, object]:
    """The document, with the rules that it speaks of."""
    order = {name: number for number, name in enumerate(rules)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "termwise",
                        "version": version,
                        "rules": [
                            {"id": name, "shortDescription": {"text": said}} for name, said in rules.items()
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(each, order) for each in results],
            }
        ],
    }


def _result(result: Result, order: Mapping[str, int]) -> dict[str, object]:
    region = {"startLine": result.line, "startColumn": result.column}
    place = {"artifactLocation": {"uri": result.file}, "region": region}
    return {
        "ruleId": result.rule,
        "ruleIndex": order[result.rule],
        "level": "warning" if result.warning else "error",
        "message": {"text": result.message},
        "locations": [{"physicalLocation": place}],
    }
