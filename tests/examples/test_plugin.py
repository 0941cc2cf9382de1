"""The example plug-in is installed as any distribution is, and found, checked and played on real servers."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "examples" / "plugin"
HEAD = "hollins"
BROUGHT = (
    "definition reading-ages (reading-ages 1.0), activity look_up_reading_ages (reading-ages 1.0), "
    "channel pigeonhole (reading-ages 1.0)"
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the plug-in in it, installed by pip without a network."""
    target = tmp_path_factory.mktemp("site")
    offline = ["--no-deps", "--no-build-isolation", "--no-index", "--no-cache-dir", "--quiet"]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *offline, "--target", str(target), str(PLUGIN)],
        check=True,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    return target


class Terminal:
    """Types commands in processes of their own: what is installed is read once in each."""

    def __init__(self, site: Path, folder: Path, **settings: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TERMWISE_")}
        self.environment = {
            **kept,
            "PYTHONPATH": f"{site}{os.pathsep}{ROOT}",
            "COLUMNS": "200",
            "TERMWISE_TRUST": str(ROOT / "examples/scholars"),
            "TERMWISE_HOME": str(folder / "home"),
            **settings,
        }
        self._folder = folder

    async def __call__(self, *words: str) -> tuple[int, str]:
        process = await self._process(*words)
        out, _ = await process.communicate()
        said = out.decode()
        assert "Traceback" not in said, said
        return process.returncode or 0, said

    async def json(self, *words: str) -> Any:  # noqa: ANN401
        code, said = await self(*words, "--json")
        assert code == 0, said
        return json.loads(said)

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[Path]:
        """All services at work; the file of their log."""
        log = self._folder / "worker.log"
        with log.open("wb") as file:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "cli.main", "worker", "--json",
                cwd=self._folder, env=self.environment, stdout=file, stderr=file,
            )  # fmt: skip
        try:
            yield log
        finally:
            process.terminate()
            await process.wait()

    async def _process(self, *words: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "cli.main", *words,
            cwd=self._folder, env=self.environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip


async def test_what_it_brings_is_listed_with_its_distribution(installed: Path, tmp_path: Path) -> None:
    terminal = Terminal(installed, tmp_path)

    listed = await terminal.json("define", "list")
    _, doctor = await terminal("doctor")
    code, checked = await terminal("define", "check", "reading-ages")

    plugins = {each["process"]: each["plugin"] for each in listed["definitions"]}
    assert plugins["reading-ages"] == "reading-ages 1.0"
    assert plugins["moderation"] is None
    assert BROUGHT in " ".join(doctor.split())
    assert (code, checked.split()[-2:]) == (0, ["no", "problems"])


async def test_a_cycle_of_it_runs_calls_its_activity_and_writes_by_its_channel(
    installed: Path, tmp_path: Path, database: str, temporal_address: str, key_store: tuple[str, Path]
) -> None:
    holes = tmp_path / "pigeonholes"
    terminal = Terminal(
        installed,
        tmp_path,
        TERMWISE_DATABASE=database,
        TERMWISE_KEYS=key_store[0],
        TERMWISE_MASTER_KEY=str(key_store[1]),
        TEMPORAL_ADDRESS=temporal_address,
        TERMWISE_TASK_QUEUE=f"plugin-{uuid4().hex}",
        TERMWISE_CHANNEL="pigeonhole",
        TERMWISE_HOLD_LETTERS="false",
        READING_AGES_PIGEONHOLES=str(holes),
    )
    await _keyed(terminal)
    async with terminal.worker() as log:
        given = ["--set", f"school={HEAD}", "--set", "half_term=2026-27 summer 1"]
        started = await terminal.json("start", "reading-ages", *given, "--as", "Daniel Okafor")
        [task] = await _until(
            lambda: terminal.json("tasks", "--all", "--cycle", started["instance"]),
            lambda said: said["tasks"],
        )
        shown = await terminal.json("tasks", "show", task["task"])
        letters = await _letters(holes)
        await terminal.json(
            "tasks", "complete", task["task"], "--set", "plan=Read aloud", "--as", task["assignee"]
        )
        await _until(
            lambda: terminal.json("show", started["instance"]), lambda said: said["state"] == "ended"
        )

    assert [each["age"] for each in shown["shown"]["Reading ages"]] == [6.8, 10.4]
    assert [letter.parent.name for letter in letters] == [task["assignee"]]
    assert "Say what follows from the reading ages" in letters[0].read_text()
    found = [
        line for line in map(json.loads, log.read_text().splitlines()) if line.get("event") == "plugin.found"
    ]
    assert {(each["kind"], each["name"], each["distribution"]) for each in found} == {
        ("definition", "reading-ages", "reading-ages 1.0"),
        ("activity", "look_up_reading_ages", "reading-ages 1.0"),
        ("channel", "pigeonhole", "reading-ages 1.0"),
    }


async def _keyed(terminal: Terminal) -> None:
    """A server's key is made and enrolled, and signs for everybody who types here."""
    made = await terminal.json("keys", "new", "--server")
    first = ["--server", "--directly", "--reason", "The first key"]
    await terminal.json("keys", "enrol", made["public"], *first)
    terminal.environment["TERMWISE_KEY"] = made["file"]


async def _until(ask: Callable[[], Any], found: Callable[[Any], Any]) -> Any:  # noqa: ANN401
    """What is found once it is there."""
    async with asyncio.timeout(60):
        while not (result := found(await ask())):
            await asyncio.sleep(0.1)
    return result


async def _letters(holes: Path) -> list[Path]:
    async with asyncio.timeout(30):
        while not (found := sorted(holes.glob("*/*.txt"))):
            await asyncio.sleep(0.1)
    return found


# ---- what is wrong with a plug-in


def distribution(site: Path, name: str, entries: str, **modules: str) -> None:
    """An installed distribution, as pip leaves it."""
    info = site / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(entries)
    for module, text in modules.items():
        (site / f"{module}.py").write_text(text)


ACTIVITY = "from temporalio import activity\n@activity.defn(name={name!r})\nasync def act() -> None: ...\n"
ACTS = "[termwise.activities]\nact = {module}:act\n"


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("raise OSError('no licence')", "fails with OSError: no licence; mend it, or uninstall it"),
        (
            "import nothing_of_this_name",
            "fails with ModuleNotFoundError: No module named 'nothing_of_this_name'",
        ),
        ("raise SystemExit(3)", "fails with SystemExit: 3"),
        ("act = 3", "is no activity; decorate the function with `@activity.defn`"),
        ("def act(): ...", "is no activity; decorate the function with `@activity.defn`"),
    ],
)
async def test_a_plug_in_that_cannot_be_read_is_named(tmp_path: Path, module: str, said: str) -> None:
    distribution(tmp_path / "site", "broken-one", ACTS.format(module="broken_one"), broken_one=module)

    _, doctor = await Terminal(tmp_path / "site", tmp_path)("doctor")

    told = " ".join(doctor.split())
    assert (
        f"the plug-in broken-one 1.0 cannot be used: its termwise.activities 'act' (broken_one:act) {said}"
        in told
    )


async def test_two_that_bring_the_same_activity_are_both_named(tmp_path: Path) -> None:
    for name in ("one", "two"):
        module = f"of_{name}"
        distribution(
            tmp_path / "site", name, ACTS.format(module=module), **{module: ACTIVITY.format(name="same")}
        )

    _, doctor = await Terminal(tmp_path / "site", tmp_path)("doctor")

    assert (
        "one 1.0 and two 1.0 both have an activity 'same'; rename one of them, or uninstall one of the two"
        in " ".join(doctor.split())
    )


@pytest.mark.parametrize(
    ("entries", "modules", "said"),
    [
        (
            ACTS.format(module="ours"),
            {"ours": ACTIVITY.format(name="record")},
            "termwise and taker 1.0 both have an activity 'record'",
        ),
        (
            "[termwise.channels]\nsmtp = ours:Channel\n",
            {"ours": "class Channel: ..."},
            "termwise and taker 1.0 both have a channel 'smtp'",
        ),
        (
            "[termwise.definitions]\nmine = ours:FOLDER\n",
            {"ours": f"FOLDER = {str(ROOT / 'definitions')!r}"},
            "termwise and taker 1.0 both have a definition 'moderation'",
        ),
        (
            "[termwise.definitions]\nmine = ours:FOLDER\n",
            {"ours": "FOLDER = 'nowhere'"},
            "is no folder; let it name the package whose folder holds the definitions",
        ),
    ],
)
async def test_nothing_of_ours_can_be_taken_over(
    tmp_path: Path, entries: str, modules: dict[str, str], said: str
) -> None:
    distribution(tmp_path / "site", "taker", entries, **modules)

    _, doctor = await Terminal(tmp_path / "site", tmp_path)("doctor")

    assert said in " ".join(doctor.split())


@pytest.mark.parametrize(
    ("module", "chosen", "said"),
    [
        ("class Post: ...", "post", "has no `async def deliver(self, message)`"),
        (
            "class Post:\n    def __init__(self): raise OSError('shut')",
            "post",
            "cannot be made: OSError: shut",
        ),
        ("", "pots", "there is no channel of a plug-in 'pots'; did you mean 'post'?"),
    ],
)
async def test_a_channel_that_cannot_carry_anything_is_named(
    tmp_path: Path, module: str, chosen: str, said: str
) -> None:
    distribution(tmp_path / "site", "poster", "[termwise.channels]\npost = poster:Post\n", poster=module)

    _, doctor = await Terminal(tmp_path / "site", tmp_path, TERMWISE_CHANNEL=chosen)("doctor")

    assert said in " ".join(doctor.split())


async def test_a_call_of_what_nobody_brings_is_told_when_the_file_is_checked(
    installed: Path, tmp_path: Path
) -> None:
    text = (PLUGIN / "reading_ages/definitions/reading-ages/process.yaml").read_text()
    (tmp_path / "process.yaml").write_text(text.replace("activity: look_up", "activity: loop_up"))

    code, said = await Terminal(installed, tmp_path)("define", "check", "process.yaml")

    assert code == 2
    assert said.startswith(
        "process.yaml:17:13: there is no activity 'loop_up_reading_ages'; did you mean 'look_up_reading_ages'?"
    )
