"""Facts of the business in the log, and what an outcome reports."""

import pytest

from definitions.yaml_source import SourceError
from engine.errors import BrokenRuleError
from engine.events import FactRecorded, InstanceEnded
from reports.sentences import Sentences
from tests.worlds import Play, program

AUDIT = """
    steps:
    - for_each: audits
      over: {school: "['ash', 'beech', 'cedar']"}
      steps:
      - {task: audit, title: Audit, who: headteacher at school, outcomes: {done: , deferred: },
         form: {n: {type: integer}}}
      - {record: found, type: audit-finished, values: {how: audit.outcome, many: audit.n}}
    outcomes:
      done:
        title: All schools were heard
        reports: {audited: "audits.filter(a, a.found.how == 'done').size()", of: size(audits)}
"""


def audited() -> Play:
    play = Play(program(AUDIT))
    for task, how in zip(play.tasks(), ("done", "deferred", "done"), strict=True):
        play.complete(task, how, n=3)
    return play


def test_a_fact_is_kept_with_its_school_and_reads_as_its_values() -> None:
    play = audited()

    facts = [event for _, event in play.log[play.root] if isinstance(event, FactRecorded)]
    assert [(fact.type, fact.school, fact.values["how"]) for fact in facts] == [
        ("audit-finished", "ash", "done"),
        ("audit-finished", "beech", "deferred"),
        ("audit-finished", "cedar", "done"),
    ]
    said = Sentences(play.world.directory).say(facts[1])
    assert said == "recorded: audit-finished at Beech: how deferred, many 3"


def test_the_end_keeps_what_the_outcome_reports() -> None:
    play = audited()

    ended = play.log[play.root][-1][1]
    assert isinstance(ended, InstanceEnded)
    assert play.state.reported == ended.reported == {"audited": 2, "of": 3}
    assert (
        Sentences(play.world.directory).say(ended) == "it ended: All schools were heard (audited: 2; of: 3)"
    )


def test_a_report_reads_only_what_is_known_at_the_end() -> None:
    with pytest.raises(SourceError, match="there is no name 'adits'; did you mean 'audits'"):
        program(AUDIT.replace("size(audits)", "size(adits)"))


def test_a_report_that_fails_refuses_the_command_and_says_so() -> None:
    play = Play(program(AUDIT.replace("size(audits)", "'audits[9].school'")))
    play.complete(play.tasks()[0], "done", n=1)
    play.complete(play.tasks()[0], "done", n=1)

    with pytest.raises(BrokenRuleError, match="the outcome 'done' cannot go on"):
        play.complete(play.tasks()[0], "done", n=1)
