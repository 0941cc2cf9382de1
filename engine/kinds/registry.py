"""Which kinds of step there are. A new kind is a module here, a model in the grammar, and a line below."""

from engine.definition.program import Kind
from engine.kinds import (
    call,
    choose,
    decide,
    end,
    for_each,
    notify,
    on,
    parallel,
    record,
    repeat,
    run_process,
    set,  # noqa: A004 - the kind `set`
    task,
    wait,
)

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("task", task.compile_step, task.begin),
        Kind(
            "for_each",
            for_each.compile_step,
            for_each.begin,
            inner_finished=for_each.inner_finished,
            time_came=for_each.time_came,
        ),
        # Before `set` and `wait`, and after `for_each`: a step is of the first kind whose key it has.
        Kind("run", run_process.compile_step, run_process.begin, inner_finished=run_process.inner_finished),
        Kind("repeat", repeat.compile_step, repeat.begin, inner_finished=repeat.inner_finished),
        Kind("choose", choose.compile_step, choose.begin, inner_finished=choose.inner_finished),
        Kind("parallel", parallel.compile_step, parallel.begin, inner_finished=parallel.inner_finished),
        Kind("set", set.compile_step, set.begin, named=False),
        Kind("wait", wait.compile_step, wait.begin),
        Kind("call", call.compile_step, call.begin, inner_finished=call.inner_finished),
        Kind("notify", notify.compile_step, notify.begin),
        Kind("decide", decide.compile_step, decide.begin),
        Kind("on", on.compile_step, on.begin, inner_finished=on.inner_finished),
        Kind("record", record.compile_step, record.begin),
        Kind("end", end.compile_step, end.begin, named=False),
    )
}
