"""`set`: values are computed and kept."""

from pydantic import JsonValue

from engine import addresses
from engine.definition.compiling import Compiler, Known
from engine.definition.declared import declared_types, kept, misfit
from engine.definition.model import Call, SetStep
from engine.definition.names import Names
from engine.definition.problems import Path
from engine.definition.program import Node
from engine.events import TERMWISE, ValuesSet
from engine.functions import FUNCTIONS, ArgumentError, Function, call
from engine.run import Run
from engine.value_types import ANY, Type, maybe


def compile_step(compiler: Compiler, node: Node, spec: SetStep, names: Known, path: Path) -> Known:
    """Each value may read those before it."""
    for name, value in spec.set.items():
        where: Path = (*path, "set", name)
        compiler.assign(name, where)
        if name in compiler.definition.inputs or name == "key":
            compiler.problems.add_name(where, f"{name!r} is an input and never changes; choose another name")
        if isinstance(value, Call):
            found = _call(compiler, node, name, value, names, where)
        else:
            found = compiler.texts.expect(node.expressions, f"set.{name}", value, names, where)
        if name in compiler.declared:
            found = _fitting(compiler, name, found, where)
        names = {**names, name: found}
    return names


def _fitting(compiler: Compiler, name: str, found: Type, path: Path) -> Type:
    """What a declared value stays, whatever it is set to."""
    wanted = compiler.declared[name]
    why = misfit(found, wanted, name)
    if why:
        compiler.problems.add(path, why)
    return maybe(wanted)


def _call(  # noqa: PLR0913, PLR0917 - a step's place, and the call in it
    compiler: Compiler, node: Node, name: str, call: Call, names: Names, path: Path
) -> Type:
    function = FUNCTIONS.get(call.function)
    if function is None:
        compiler.problems.unknown((*path, "function"), "function", call.function, FUNCTIONS)
        return ANY
    types: dict[str, Type] = {}
    for argument, text in call.args.items():
        where = (*path, "with", argument)
        if argument not in function.takes:
            compiler.problems.unknown(where, f"argument of {call.function}", argument, function.takes)
        types[argument] = compiler.texts.expect(
            node.expressions, f"set.{name}.{argument}", text, names, where
        )
    for missing in sorted(function.needs - call.args.keys()):
        compiler.problems.add(path, f"{call.function} needs the argument {missing!r}: add it under `with`")
    return _given(compiler, node, name, function, types, path) if function.narrows else function.returns


def _given(  # noqa: PLR0913, PLR0917 - a step's place, and the call in it
    compiler: Compiler, node: Node, name: str, function: Function, types: Known, path: Path
) -> Type:
    """What the function gives for these arguments, of which some are constants."""
    found = {each: node.expressions.get(f"set.{name}.{each}") for each in types}
    constants = {each: text.evaluate({}) for each, text in found.items() if text and not text.names}
    try:
        return function.narrows(types, constants) if function.narrows else function.returns
    except ArgumentError as error:
        if not compiler.texts.stored:
            compiler.problems.add((*path, "with", error.argument), str(error), 1)
        return function.returns


def begin(run: Run, node: Node, spec: SetStep, address: str) -> None:
    """Compute one after the other, and go on."""
    scope = addresses.scope_of(address)
    types = declared_types(run.world.program.definition)
    for name, value in spec.set.items():
        values = {name: kept(types, name, _computed(run, node, name, value, address))}
        run.emit(ValuesSet(at=run.at, by=TERMWISE, address=address, step=node.id, scope=scope, values=values))
    run.finish_step(address)


def _computed(run: Run, node: Node, name: str, value: Call | str, address: str) -> JsonValue:
    scope = run.scope(address)
    if not isinstance(value, Call):
        return scope.evaluate(node.expressions[f"set.{name}"])
    arguments = {each: scope.evaluate(node.expressions[f"set.{name}.{each}"]) for each in value.args}
    return call(value.function, arguments)
