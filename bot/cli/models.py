"""`alexia models`."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.options import config_of, config_option, json_option
from bot.cli.talk import fail, print_json, print_table

if TYPE_CHECKING:
    from bot.config import Config
    from bot.nlu.evaluation import Judged
    from bot.nlu.reading import TextModels

MISSING = 5  # exit code: something on this machine is not there
FEW = 5  # ids and rows that are named
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TASKS = ("intent", "sentiment", "mood", "entities")


@click.group()
def models() -> None:
    """The models that read texts."""


@models.command("list")
@config_option
@json_option
def list_models(config_path: Path | None, as_json: bool) -> None:
    """List what the models know and where it lies."""
    from bot.nlu.admin import describe
    from bot.nlu.choice import choice_of

    config = config_of(config_path, or_shipped=True)
    rows = describe(config.models_folder, choice_of(config))
    if as_json:
        print_json(rows)
    else:
        print_table(rows, {name: name for name in ("kind", "name", "state", "detail")})


@models.command("train")
@config_option
@json_option
def train_models(config_path: Path | None, as_json: bool) -> None:
    """Learn the intents of models/intents, and tell which are hard to tell apart."""
    from bot.nlu.explain import report

    config = config_of(config_path, or_shipped=True)
    trained = _models(config)
    told = report(trained, _learn(trained, config.models_folder))
    if as_json:
        print_json(told)
        return
    click.echo(f"{told['intents']} intents of {told['examples']} examples")
    for view, figures in told["views"].items():
        click.echo(f"{view}: {figures['held_out']:.0%} of held-out examples right")
    for line in told["advice"]:
        click.echo(line)


@models.command("eval")
@click.option("--task", type=click.Choice(TASKS), required=True, help="What is judged.")
@click.option("--train", "train_file", type=FILE,
              help="Examples to learn from.  [default: models/intents]")  # fmt: skip
@click.option("--data", type=FILE, required=True,
              help="What to judge: JSON lines, JSON, CSV or YAML.")  # fmt: skip
@click.option("--predictions", type=click.Path(dir_okay=False, path_type=Path),
              help="Where to write predictions.")  # fmt: skip
@config_option
@json_option
def eval_models(
    task: str,
    train_file: Path | None,
    data: Path,
    predictions: Path | None,
    config_path: Path | None,
    as_json: bool,
) -> None:
    """Judge the models on a file, each row alone; print figures where it has labels."""
    from bot.nlu.rows import repeated_ids, rows_to_judge, rows_to_learn

    if predictions is not None and not predictions.absolute().parent.is_dir():
        fail(f"{predictions}: there is no folder {predictions.parent}; make it first")
    config = config_of(config_path, or_shipped=True)
    doubts: list[str] = []
    try:
        rows = rows_to_judge(data, task, doubts.append)
        examples = rows_to_learn(train_file) if train_file else None
    except (OSError, ValueError) as reason:
        fail(str(reason))
    if same := repeated_ids(rows):
        told = ", ".join(same[:FEW]) + (", …" if len(same) > FEW else "")
        doubts.insert(0, f"{data}: several rows have the id {told}; each gets its own line")
    _tell_doubts(doubts)
    if not rows:
        click.echo(f"{data}: it holds no rows", err=True)
    judged = _judged(task, rows, examples, config)
    if predictions is not None:
        lines = (json.dumps(one, ensure_ascii=False) + "\n" for one in judged.predictions)
        predictions.write_text("".join(lines), encoding="utf-8")
    if judged.figures is not None:
        click.echo(json.dumps(judged.figures, indent=None if as_json else 2, ensure_ascii=False))
    elif rows and predictions is None:
        click.echo("no row has a label to judge by; --predictions keeps what was told", err=True)


def _tell_doubts(doubts: Sequence[str]) -> None:
    for doubt in doubts[:FEW]:
        click.echo(doubt, err=True)
    if len(doubts) > FEW:
        click.echo(f"and {len(doubts) - FEW} more like these", err=True)


@models.command("explain")
@click.argument("text")
@click.option("--language", help="Language of the text.  [default: as it is read]")
@config_option
@json_option
def explain_text(text: str, language: str | None, config_path: Path | None, as_json: bool) -> None:
    """Tell what the models make of a text, and which examples pull it there."""
    from bot.nlu.explain import explain

    config = config_of(config_path, or_shipped=True)
    trained = _models(config)
    told = explain(trained, _learn(trained, config.models_folder), text, config.languages, language)
    if as_json:
        print_json(told)
        return
    click.echo(f"language  {told['language']}")
    click.echo(f"tone      {told['tone']}")
    for one in told["intents"]:
        mark = "accepted" if one["accepted"] else "too unsure"
        click.echo(f"intent    {one['name']} {one['score']:.2f} ({mark})")
    for near in told["nearest"]:
        click.echo(f"near      {near['likeness']:.2f} {near['intent']}: {near['text']}")


@models.command("hear")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@config_option
def hear_file(file: Path, config_path: Path | None) -> None:
    """Write down what is said in a sound file, by the model under models.voice."""
    from bot.domain.errors import WeightsMissing
    from bot.nlu.hearing import hearing_of

    config = config_of(config_path, or_shipped=True)
    if not config.models.voice:
        fail("no speech model is named; write one under models.voice in config.yaml")
    try:
        click.echo(hearing_of(config)(file))
    except WeightsMissing as missing:
        click.echo(str(missing), err=True)
        raise click.exceptions.Exit(MISSING) from missing
    except ValueError as reason:
        fail(str(reason))


@models.command("download")
@config_option
def download_models(config_path: Path | None) -> None:
    """Fetch and verify the weights that the models need."""
    from bot.cli.setup import weights_step
    from bot.domain.errors import WeightsMissing
    from bot.nlu.choice import choice_of
    from bot.nlu.hub import download
    from bot.nlu.registry import read_registry

    config = config_of(config_path, or_shipped=True)
    choice, registry = choice_of(config), read_registry(config.models_folder)
    steps: list[Callable[[], object]] = [partial(weights_step, click.echo)]
    steps += [partial(download, name, choice.base, registry) for name in choice.wanted()]
    missing = []
    for step in steps:
        try:
            click.echo(str(step()))
        except WeightsMissing as failure:
            missing.append(failure)
            click.echo(str(failure), err=True)
    if missing:
        raise click.exceptions.Exit(MISSING)


def _models(config: "Config") -> "TextModels":
    from bot.nlu.choice import choice_of
    from bot.nlu.reading import TextModels

    return TextModels(config.models_folder, default=config.language, choice=choice_of(config))


def _learn(trained: "TextModels", folder: Path) -> Any:  # noqa: ANN401 - loaded lazily
    from bot.nlu.examples import read_intents

    intents, problems = read_intents(folder)
    for problem in problems:
        click.echo(problem, err=True)
    trained.train(intents)
    return intents


def _judged(
    task: str, rows: list[dict[str, Any]], examples: list[dict[str, Any]] | None, config: "Config"
) -> "Judged":
    if task == "entities":
        from bot.nlu.entities import judge_entities

        return judge_entities(rows, datetime.now(UTC))
    from bot.nlu.evaluation import Judge, examples_of
    from bot.nlu.examples import warnings_of

    trained = _models(config)
    if task == "intent" and examples is not None:
        known = examples_of(examples)
        _tell_doubts(warnings_of(known))
        trained.train(known, keep=False)
    elif task == "intent":
        _learn(trained, config.models_folder)
    judge: Judge = Judge(trained, config.languages, config.language)
    match task:
        case "intent":
            return judge.intents(rows)
        case "sentiment":
            return judge.sentiment(rows)
        case _:
            return judge.mood(rows)
