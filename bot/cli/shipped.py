"""The example businesses that ship with Alexia, and how one is copied to a user."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

PARTS = ("rules", "flows", "schema", "models", "media", "tests/conversations")
SHARED = ("schema", "models")  # what the other businesses take from the shop, but its intents
OWN = ("rules", "flows", "models", "media", "tests")
STARTS = Path(__file__).parent / "starts"
LEFT_OUT = ("__pycache__",)
HOMES = {  # the place and the money of each business
    "shop": ("America/Sao_Paulo", "BRL"),
    "clinic": ("Europe/Madrid", "EUR"),
    "real_estate": ("Europe/Lisbon", "EUR"),
    "support": ("America/New_York", "USD"),
}
TEMPLATES = (*HOMES, "blank")
BLANK = {
    "rules/hello.yaml": """\
# Each rule: when (any of these), if (all of these), do (in order). `alexia check` finds mistakes.
version: 1
teams: [support] # with {name: …, number: …} of its members they are told on WhatsApp
rules:
  - id: hello
    when:
      - keyword: [hello, hi]
    do:
      - reply: Hello! What can I do for you?
  - id: human # config.yaml's disclosure tells customers to write this
    when:
      - keyword: [human, humano]
        match: exact
    do:
      - handoff: {team: support, reply: A colleague will answer.}
    priority: 900
    during_flow: interrupt
  - id: dont_know
    when: {fallback: true}
    do:
      - reply: I did not get that.
    limit: 2 per 1h
""",
    "flows/.keep": "",
    "models/intents/.keep": "",
    "tests/conversations/hello.test.yaml": """\
# Run with `alexia test`.
version: 1
tests:
  - test: a greeting is answered, and what it does not know it says
    talk:
      - user: hello
      - bot: Hello! What can I do for you?
      - user: lorem ipsum
      - bot: I did not get that.
      - user: human
      - bot: A colleague will answer.
      - expect: {muted: true}
""",
}


def shipped_folder() -> Path:
    """Return the folder of the example: the repository, or the data of the installed package."""
    package = Path(__file__).parent.parent
    repository = package.parent
    if (repository / "pyproject.toml").is_file() and (repository / "rules").is_dir():
        return repository
    return package / "templates"


def copy_template(template: str, target: Path) -> list[Path]:
    """Write a template's files that are not there yet; return those written, relative."""
    sources = _blank() if template == "blank" else _business(template)
    written = []
    for name, content in sources:
        file = target / name
        if file.exists():
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Path):
            shutil.copyfile(content, file)
        else:
            file.write_text(content, encoding="utf-8")
        written.append(Path(name))
    return written


def _config() -> tuple[str, str]:
    return "config.yaml", (shipped_folder() / "config.example.yaml").read_text("utf-8")


def _at_home(config: str, template: str) -> str:
    """Return the configuration with the place and the money of an example business."""
    timezone, currency = HOMES[template]
    for key, value in (("timezone", timezone), ("currency", currency)):
        config = re.sub(rf"^{key}: \S+", f"{key}: {value}", config, count=1, flags=re.MULTILINE)
    return config


def _blank() -> Iterator[tuple[str, Path | str]]:
    yield _config()
    yield from BLANK.items()


def _business(template: str) -> Iterator[tuple[str, Path | str]]:
    name, config = _config()
    yield name, _at_home(config, template)
    if template == "shop":
        yield from _files(shipped_folder(), PARTS)
        return
    yield from _files(STARTS / template, OWN)
    for name, file in _files(shipped_folder(), SHARED):
        if Path(name).parent != Path("models/intents"):
            yield name, file


def _files(home: Path, parts: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    for part in parts:
        for file in sorted((home / part).rglob("*")):
            if file.is_file() and not any(name in LEFT_OUT for name in file.parts):
                yield str(file.relative_to(home)), file
