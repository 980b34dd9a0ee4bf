"""Runs the conversation tests of a folder: `alexia test`."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.data import dataclass
from bot.domain.turns import TurnSettings, Visit
from bot.language.places import Place
from bot.language.problems import Problem
from bot.ports import Understander
from bot.rulebook_files import FOLDERS
from bot.testing.books import Books
from bot.testing.coverage import Coverage, measure
from bot.testing.doubles import PatientUnderstander
from bot.testing.lines import Test
from bot.testing.memory import MemoryDatabase
from bot.testing.player import Correction, Failed, Player, Stage
from bot.testing.reading import Broken, read_tests

if TYPE_CHECKING:
    from bot.config import Config

PATTERN = "*.test.yaml"
PATIENCE = 120.0  # seconds for the models to load, or to read a text: a test can wait


@dataclass(frozen=True, slots=True, kw_only=True)
class TestOutcome:
    """What became of one test; ``line`` is that of the test, or of the line that failed.

    Attributes:
        outcome: passed, failed or skipped.
    """

    __test__ = False
    file: str
    line: int
    name: str
    outcome: str
    message: str = ""
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What became of all tests."""

    tests: tuple[TestOutcome, ...]
    coverage: Coverage | None = None

    @property
    def passed(self) -> int:
        """How many did what they say."""
        return sum(test.outcome == "passed" for test in self.tests)

    @property
    def failed(self) -> int:
        """How many did not."""
        return sum(test.outcome == "failed" for test in self.tests)

    @property
    def skipped(self) -> int:
        """How many were left out, or had lines left out."""
        return sum(test.outcome == "skipped" for test in self.tests)


@dataclass(frozen=True, slots=True, kw_only=True)
class TestFile:
    """A file of tests, read. ``name``: as it is shown, from the user's folder on."""

    __test__ = False
    path: Path
    name: str
    tests: tuple[Test | Broken, ...]


def run_tests(
    folder: Path,
    paths: Sequence[Path] = (),
    *,
    name: str | None = None,
    config: "Config | None" = None,
    lenient: bool = False,
) -> Results:
    """Run the conversation tests of a folder, or those of the paths given.

    Args:
        name: Only tests whose name holds this, whatever its case.
        lenient: Note what differs from exact texts as corrections instead of failing.
    """
    stage = open_stage(folder, config)
    visits: set[Visit] = set()
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # what fails is told by its test, not by the log
    try:
        outcomes = [
            _run(test, file, stage, visits, lenient)
            for file, test in chosen(find_tests(folder, paths), name)
        ]
    finally:
        logging.disable(before)
        stage.database.close()
    copy = stage.books.load(_names_of(config))
    if copy.rulebook is None:
        copy = next((one for one in stage.books.loaded if one.rulebook is not None), copy)
    coverage = None if copy.rulebook is None else measure(copy.rulebook, visits)
    return Results(tests=tuple(outcomes), coverage=coverage)


def is_chosen(test: Test | Broken, name: str | None) -> bool:
    """Tell whether a test is one of those asked for."""
    return name is None or name.lower() in test.name.lower()


def find_tests(folder: Path, paths: Sequence[Path] = ()) -> list[TestFile]:
    """Return the files of tests below a folder's tests/, or those of the paths given.

    A folder below it that has rules of its own is somebody else's: its tests are not ours.
    """
    found: dict[Path, None] = {}
    own = folder / "tests"
    for root in list(paths) or ([own] if own.exists() else []):
        for path in sorted(root.rglob(PATTERN)) if root.is_dir() else [root]:
            if not _is_apart(path, root):
                found[path.resolve()] = None
    return [_file(path, folder.resolve()) for path in found]


def _is_apart(path: Path, root: Path) -> bool:
    """Tell whether a folder between a root and a file below it has rules of its own."""
    below = path.parent.relative_to(root).parts if path != root else ()
    folders = (root.joinpath(*below[:depth]) for depth in range(1, len(below) + 1))
    return any((folder / part).is_dir() for folder in folders for part in FOLDERS)


def _file(path: Path, folder: Path) -> TestFile:
    name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()
    try:
        raw = path.read_bytes()
    except OSError as reason:
        told = reason.strerror or str(reason)
        problem = Problem(
            file=name, line=1, column=1, code="E001", message=f"cannot be read: {told}"
        )
        return TestFile(
            path=path, name=name,
            tests=(Broken(name=name, place=Place(name, 1, 1), problems=(problem,)),),
        )  # fmt: skip
    return TestFile(path=path, name=name, tests=tuple(read_tests(name, raw)))


def open_stage(folder: Path, config: "Config | None") -> Stage:
    """Return what all tests of a run share."""
    own = () if config is None else (config.rules_folder, config.flows_folder)
    return Stage(
        books=Books(folder, own),
        settings=settings_of(config),
        database=MemoryDatabase(),
        models=PatientUnderstander(lambda: open_models(folder, config)),
        env_names=_names_of(config),
    )


def _names_of(config: "Config | None") -> tuple[str, ...]:
    return () if config is None else tuple(config.env)


def open_models(folder: Path, config: "Config | None") -> Understander:
    """Open the real models, and wait until they are loaded."""
    from bot.nlu.understander import open_configured, open_understander

    if config is None:
        settings = settings_of(config)
        opened = open_understander(
            folder / "models", settings.languages, default=settings.language, deadline=PATIENCE
        )
    else:
        opened = open_configured(config, deadline=PATIENCE)
    opened.start()
    opened.wait(PATIENCE)
    return opened


def settings_of(config: "Config | None") -> TurnSettings:
    """Return what of the configuration decisions depend on; no disclosure in tests."""
    if config is None:
        return TurnSettings()
    return TurnSettings(
        timezone=config.timezone, language=config.language, languages=config.languages,
        currency=config.currency, env=config.env_values, takeover=config.takeover.mute,
        takeover_ignore=config.takeover.ignore, stack=config.limits.stack,
        steps=config.limits.steps, sends=config.limits.sends, spam=config.spam.rules,
    )  # fmt: skip


def _run(
    test: Test | Broken, file: TestFile, stage: Stage, visits: set[Visit], lenient: bool
) -> TestOutcome:
    if isinstance(test, Broken):
        return _failed(file, test.place, test.name, test.message)
    player: Player | None = None
    try:
        player = Player(test, stage, lenient=lenient)
        try:
            player.play()
        finally:
            visits |= player.visits
    except Failed as failure:
        failed = _failed(file, failure.place, test.name, str(failure))
        return replace(failed, corrections=tuple(player.corrections)) if player else failed
    return TestOutcome(
        file=file.name, line=test.place.line, name=test.name, outcome="passed",
        corrections=tuple(player.corrections),
    )  # fmt: skip


def _failed(file: TestFile, place: Place, name: str, message: str) -> TestOutcome:
    return TestOutcome(
        file=file.name, line=place.line, name=name, outcome="failed", message=message
    )


def chosen(files: Sequence[TestFile], name: str | None) -> Iterator[tuple[TestFile, Test | Broken]]:
    """Yield each test asked for, with its file."""
    for file in files:
        for test in file.tests:
            if is_chosen(test, name):
                yield file, test
