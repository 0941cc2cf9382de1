"""SARIF, as code hosts read it."""

from reports.sarif import Result, sarif

RULES = {"invalid": "It cannot be used.", "unreachable": "Nobody comes there."}


def test_each_finding_names_its_rule_and_its_place() -> None:
    found = [
        Result("unreachable", "never reached", "a/process.yaml", 7, 3, warning=True),
        Result("invalid", "no name", "a/process.yaml", 9, 12, warning=False),
    ]

    document = sarif(found, RULES, "1.0")

    [run] = document["runs"]  # type: ignore[misc]
    driver = run["tool"]["driver"]
    assert document["version"] == "2.1.0"
    assert [rule["id"] for rule in driver["rules"]] == list(RULES)
    assert [driver["rules"][each["ruleIndex"]]["id"] for each in run["results"]] == ["unreachable", "invalid"]
    assert [each["level"] for each in run["results"]] == ["warning", "error"]
    assert run["results"][0]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a/process.yaml"},
        "region": {"startLine": 7, "startColumn": 3},
    }
