"""Conversation tests: what the customer writes, what the bot must do."""

import difflib
import fnmatch
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.contacts import Consent, Contact
from bot.domain.effects import CallHttp, RunAction
from bot.domain.messages import MessageKind
from bot.domain.turns import CallAnswered, TurnSettings
from bot.domain.understanding import IntentScore, Mood, Sentiment, Understanding
from bot.domain.values import Value, from_json
from bot.engine.draft import free_value
from bot.language.desk import parse_duration
from bot.language.printing import Form, show
from bot.language.rulebook import Rulebook
from bot.language.source import Entry, Items, Node, Scalar, Source, Table, read_yaml
from bot.rulebook_files import load_rulebook
from bot.testing.room import START, World, medium, place, settings_of

LINES = ("user", "bot", "wait", "expect", "human", "event", "edit", "restart")
TEST_KEYS = (
    "test", "now", "timezone", "given", "seed", "strict", "models", "mock", "talk", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TestOutcome:
    """What became of one test; ``line`` is that of the test, or of the line that failed."""

    __test__ = False
    file: str
    line: int
    name: str
    outcome: str
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What became of all tests."""

    tests: tuple[TestOutcome, ...]

    @property
    def passed(self) -> int:
        """How many did what they say."""
        return sum(test.outcome == "passed" for test in self.tests)

    @property
    def failed(self) -> int:
        """How many did not."""
        return sum(test.outcome == "failed" for test in self.tests)


class Failed(Exception):
    """A line that did not happen as written."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def run_tests(
    folder: Path,
    paths: Sequence[Path] = (),
    *,
    name: str | None = None,
    config: Any = None,  # noqa: ANN401 - a Config; None: its defaults
) -> Results:
    """Run the conversation tests of a folder, or those of the paths given."""
    files = _files(folder, paths)
    outcomes: list[TestOutcome] = []
    for file in files:
        outcomes += _File(folder, file, config).run(name)
    return Results(tests=tuple(outcomes))


def _files(folder: Path, paths: Sequence[Path]) -> list[Path]:
    roots = list(paths) or [folder / "tests"]
    found: list[Path] = []
    for root in roots:
        found += sorted(root.rglob("*.test.yaml")) if root.is_dir() else [root]
    return found


class _File:
    """One file of tests."""

    def __init__(self, folder: Path, file: Path, config: Any) -> None:  # noqa: ANN401
        self.folder = folder
        self.config = config
        near = file.is_relative_to(folder)
        self.name = file.relative_to(folder).as_posix() if near else file.as_posix()
        self.source = Source(self.name, "")
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as reason:
            self.tree: Node | None = None
            self.broken = f"cannot be read: {reason}"
            return
        self.source = Source(self.name, text)
        self.tree = read_yaml(self.source, text)
        self.broken = "\n".join(str(p) for p in self.source.problems if p.severity == "error")

    def run(self, name: str | None) -> list[TestOutcome]:
        """Run the file's tests."""
        if self.broken or not isinstance(self.tree, Table):
            return [self._outcome(1, self.name, self.broken or "the file holds no tests")]
        top = self.tree.entries
        tests = top["tests"].value if "tests" in top else None
        if not isinstance(tests, Items):
            return [self._outcome(1, self.name, "'tests' is missing: a list of tests")]
        defaults = plain(top["defaults"].value) if "defaults" in top else {}
        mock = plain(top["mock"].value) if "mock" in top else {}
        found = []
        for node in tests.nodes:
            if not isinstance(node, Table) or "test" not in node.entries:
                found.append(self._outcome(node.place.line, "?", "E102 'test' is missing"))
                continue
            title = str(plain(node.entries["test"].value))
            if name is None or name.lower() in title.lower():
                found.append(self._one(node, title, defaults, mock))
        return found

    def _one(
        self, node: Table, title: str, defaults: Mapping[str, Any], mock: Mapping[str, Any]
    ) -> TestOutcome:
        strangers = [key for key in node.entries if key not in TEST_KEYS]
        if strangers:
            line = node.entries[strangers[0]].place.line
            return self._outcome(line, title, f"E101 unknown key '{strangers[0]}'")
        own = {key: plain(entry.value) for key, entry in node.entries.items() if key != "talk"}
        talk = node.entries["talk"].value if "talk" in node.entries else Items((), node.place)
        merged = {**defaults, **own, "given": _merge(defaults.get("given"), own.get("given"))}
        merged["mock"] = _merge(mock, own.get("mock"))
        try:
            player = _Player(self, merged)
            for spoken in talk.nodes if isinstance(talk, Items) else ():
                player.play(spoken)
            player.nothing_left(talk.place.line)
        except Failed as failure:
            return self._outcome(failure.line, title, str(failure))
        return TestOutcome(file=self.name, line=node.place.line, name=title, outcome="passed")

    def _outcome(self, line: int, title: str, message: str) -> TestOutcome:
        return TestOutcome(file=self.name, line=line, name=title, outcome="failed", message=message)


class _Player:
    """Plays the lines of one test."""

    def __init__(self, file: _File, given: Mapping[str, Any]) -> None:
        self.file = file
        self.given = given
        self.mock: dict[str, Any] = given.get("mock") or {}
        self.unmocked: list[str] = []
        self.taken: dict[int, int] = {}
        self.folder = file.folder
        self.read = 0
        settings = self._settings()
        self.world = World(
            self._rulebook(),
            settings,
            now=self._now(settings),
            contact=self._contact(),
            answer=self._answer,
            understand=self._understand,
            seed=int(given.get("seed", 0)),
        )

    def _settings(self) -> TurnSettings:
        base = settings_of(self.file.config)
        env = {**base.env, **(self.given.get("given") or {}).get("env", {})}
        return replace(
            base,
            timezone=str(self.given.get("timezone", base.timezone)),
            language=str(self.given.get("language", base.language)),
            currency=str(self.given.get("currency", base.currency)),
            env=env,
            disclosure={},
        )

    def _now(self, settings: TurnSettings) -> datetime:
        said = str(self.given.get("now", "")) or START.strftime("%Y-%m-%d %H:%M")
        local = datetime.fromisoformat(said).replace(tzinfo=ZoneInfo(settings.timezone))
        return local.astimezone(UTC)

    def _contact(self) -> Contact | None:
        given = (self.given.get("given") or {}).get("contact")
        if given is None:
            return None
        known = {"name", "number", "language", "tags", "fields"}
        fields = {key: value for key, value in given.items() if key not in known}
        fields.update(given.get("fields") or {})
        return Contact(
            id=1,
            number=str(given.get("number", "+5511987654321")),
            name=str(given.get("name", "")),
            language=given.get("language"),
            tags=frozenset(given.get("tags") or ()),
            fields={key: free_value(str(value)) for key, value in fields.items()},
            last_seen=START,
        )

    def _rulebook(self) -> Rulebook:
        env = {*(self.file.config.env if self.file.config else ()), *self._settings().env}
        loaded = load_rulebook(self.folder, env_names=env)
        if loaded.rulebook is None:
            raise Failed(1, "\n".join(str(problem) for problem in loaded.problems))
        return loaded.rulebook

    # ------------------------------------------------------------------ mocks

    def _answer(self, call: CallHttp | RunAction) -> CallAnswered:
        if isinstance(call, RunAction):
            value = (self.mock.get("run") or {}).get(call.name)
            return CallAnswered(key=call.key, status=200, body=_typed(value))
        for number, entry in enumerate(self.mock.get("http") or ()):
            if not fnmatch.fnmatch(call.url, str(entry.get("url", "*"))):
                continue
            if "method" in entry and entry["method"] != call.method:
                continue
            reply = entry.get("reply")
            if isinstance(reply, list):
                used = self.taken[number] = self.taken.get(number, -1) + 1
                reply = reply[min(used, len(reply) - 1)]
            status = int(entry.get("status", 200))
            error = f"status {status}" if status >= 400 else ""
            return CallAnswered(key=call.key, status=status, body=_typed(reply), error=error)
        self.unmocked.append(f"{call.method} {call.url}")
        return CallAnswered(key=call.key, status=0, body=None, error="not mocked")

    def _understand(self, text: str) -> Understanding:
        models: Mapping[str, Any] = self.mock.get("models") or {}
        found: dict[str, Any] | None = models.get(text)
        if found is None:
            globs = (one for glob, one in models.items() if fnmatch.fnmatch(text, glob))
            found = next(globs, None) or {}
        intent = found.get("intent")
        score = float(found.get("score", 0.9))
        intents: tuple[IntentScore, ...] = ()
        if intent and intent != "none":
            intents = (IntentScore(name=intent, score=score, accepted=score >= 0.5),)
        tone = found.get("sentiment")
        sentiment = None
        if isinstance(tone, Mapping):
            sentiment = Sentiment(Mood(tone["label"]), float(tone.get("score", 0.95)))
        elif tone:
            sentiment = Sentiment(Mood(tone), float(found.get("score", 0.95)))
        entities = {key: str(value) for key, value in (found.get("entities") or {}).items()}
        return Understanding(
            language=found.get("language"), intents=intents, sentiment=sentiment,
            entities=entities,
        )  # fmt: skip

    # ------------------------------------------------------------------ lines

    def play(self, node: Node) -> None:
        """Play one line."""
        if not isinstance(node, Table) or len(node.entries) != 1:
            raise Failed(node.place.line, "a line is exactly one of: " + ", ".join(LINES))
        entry = next(iter(node.entries.values()))
        if entry.name not in LINES:
            raise Failed(entry.place.line, f"E101 unknown line '{entry.name}'; one of: "
                         + ", ".join(LINES))  # fmt: skip
        if entry.name in ("user", "human", "wait", "event", "edit", "restart"):
            self.nothing_left(entry.place.line)
        _PLAYS[entry.name](self, entry, plain(entry.value))
        if self.unmocked:
            raise Failed(entry.place.line, f"an http call is not mocked: {self.unmocked[0]}")

    def nothing_left(self, line: int) -> None:
        """Fail when the bot said something that no line expects."""
        left = self.world.said[self.read :]
        if left and str(self.given.get("strict", "true")) != "false":
            raise Failed(line, f"the bot also said {left[0]!r}")
        self.read = len(self.world.said)

    def user(self, _: Entry, value: Any) -> None:  # noqa: ANN401 - parsed YAML
        """The customer writes."""
        if not isinstance(value, dict):
            self.world.say(str(value))
        elif "location" in value:
            self.world.say("", kind=MessageKind.LOCATION, location=place(value["location"]))
        elif "media" in value:
            given = medium(value["media"])
            caption = str(value["media"].get("caption", value.get("text", "")))
            self.world.say(caption, kind=given.kind, media=given)
        else:
            self.world.say(str(value.get("text", "")))

    def bot(self, entry: Entry, value: Any) -> None:  # noqa: ANN401 - parsed YAML
        """The bot must have said this next."""
        line = entry.place.line
        if self.read >= len(self.world.said):
            raise Failed(line, f"expected {_wanted(value)}, the bot said nothing more")
        said = self.world.said[self.read]
        self.read += 1
        if not _fits(value, said):
            raise Failed(line, _difference(value, said))

    def wait(self, entry: Entry, value: Any) -> None:  # noqa: ANN401 - parsed YAML
        """Time passes."""
        duration = parse_duration(str(value))
        if duration is None:
            raise Failed(entry.place.line, f"'{value}' is not a duration; write 30s, 20m or 12h")
        self.world.wait(duration)

    def human(self, _: Entry, value: Any) -> None:  # noqa: ANN401 - parsed YAML
        """The owner writes from the phone."""
        self.world.human(str(value))

    def event(self, _: Entry, value: Any) -> None:  # noqa: ANN401 - parsed YAML
        """Something happens outside."""
        name = value.get("name") or f"webhook.{value.get('webhook')}"
        given: dict[str, Any] = value.get("data") or value.get("json") or {}
        self.world.event(str(name), {key: _typed(one) for key, one in given.items()})

    def edit(self, entry: Entry, value: Any) -> None:  # noqa: ANN401 - parsed YAML
        """A file changes, on a copy."""
        copy = Path(tempfile.mkdtemp(prefix="alexia-test-"))
        for part in ("rules", "flows"):
            if (self.folder / part).is_dir():
                shutil.copytree(self.folder / part, copy / part)
        file = copy / str(value["file"])
        if value.get("delete") == "true":
            file.unlink()
        elif "text" in value:
            file.write_text(str(value["text"]), encoding="utf-8")
        else:
            text = file.read_text(encoding="utf-8")
            for old, new in (value.get("replace") or {}).items():
                if old not in text:
                    shutil.rmtree(copy)
                    raise Failed(entry.place.line, f"{old!r} does not stand in {value['file']}")
                text = text.replace(old, new)
            file.write_text(text, encoding="utf-8")
        self.folder = copy
        self.world.use(self._rulebook())
        shutil.rmtree(copy)

    def restart(self, _: Entry, __: Any) -> None:  # noqa: ANN401 - parsed YAML
        """The daemon dies and comes back: only what a store keeps goes on."""
        import json

        from bot.store.conversations import parse
        from bot.store.conversations import plain as stored

        conversation = self.world.conversation
        again = json.loads(json.dumps(stored(conversation)))
        self.world.conversation = parse(conversation.chat, conversation.version, again)

    def expect(self, entry: Entry, value: Any) -> None:  # noqa: ANN401 - parsed YAML
        """The state must be as said."""
        for key, wanted in (value or {}).items():
            found = self._found(key, wanted, entry.place.line)
            if found is not None:
                raise Failed(entry.place.line, f"expected {key}: {wanted}, found {found}")

    def _found(self, key: str, wanted: Any, line: int) -> object | None:  # noqa: ANN401, C901, PLR0911, PLR0912, PLR0915
        """Return what stands there instead, None when it is as wanted. One case a key."""
        world = self.world
        top = world.conversation.top
        match key:
            case "rule":
                winner = (world.last.trace.winner if world.last else "").removeprefix("rule:")
                return None if winner == wanted else winner or "nobody"
            case "flow":
                flow = top.flow if top else "none"
                return None if flow == wanted else flow
            case "step":
                return None if top and top.step == wanted else (top.step if top else "none")
            case "slots":
                return self._slots(wanted)
            case "tags":
                have = sorted(world.contact.tags)
                return None if set(_many(wanted)) <= set(have) else have or "none"
            case "not_tags":
                have = sorted(world.contact.tags & set(_many(wanted)))
                return have or None
            case "lead":
                return self._lead(wanted)
            case "contact":
                fields = {**world.contact.fields, "name": world.contact.name,
                          "language": world.contact.language}  # fmt: skip
                wrong = {k: fields.get(k) for k, v in wanted.items() if not _same(fields.get(k), v)}
                return wrong or None
            case "timers":
                keys = {key.partition(":")[2] for key in world.timers}
                return None if set(_many(wanted)) <= keys else sorted(keys) or "none"
            case "handoff":
                handoff = world.conversation.handoff
                team = handoff.team if handoff and handoff.until > world.now else "none"
                return None if team == wanted else team
            case "muted":
                handoff = world.conversation.handoff
                muted = bool(handoff and handoff.until > world.now)
                return None if muted is (wanted == "true") else muted
            case "silent":
                left = world.said[self.read :]
                return None if bool(left) is (wanted != "true") else left or "nothing said"
            case "consent":
                given = world.contact.consent is not Consent.WITHDRAWN
                return None if given is (wanted == "true") else world.contact.consent.value
            case "http":
                have = [f"{one.method} {one.url}" for one in world.calls]
                missing = [one for one in _many(wanted) if not _called(one, world.calls)]
                return have or "none" if missing else None
            case "notified":
                teams = [one.to for one in world.notified]
                return None if set(_many(wanted)) <= set(teams) else teams or "none"
            case "events":
                names = [one.name for one in world.events]
                return None if set(_many(wanted)) <= set(names) else names or "none"
            case "errors":
                errors = list(world.last.errors) if world.last else []
                return None if bool(errors) is (wanted not in ("none", "false", [])) else errors
            case "intent":
                return None
            case _:
                raise Failed(line, f"E101 unknown expectation '{key}'")

    def _slots(self, wanted: Mapping[str, Any]) -> object | None:
        top = self.world.conversation.top
        have = {**self.world.contact.fields, **(top.saved if top else {}),
                **(top.slots if top else {})}  # fmt: skip
        wrong = {
            key: have.get(key) for key, value in wanted.items() if not _same(have.get(key), value)
        }
        return wrong or None

    def _lead(self, wanted: Any) -> object | None:  # noqa: ANN401 - parsed YAML
        lead = self.world.lead
        if wanted == "none":
            return lead
        if lead is None:
            return "none"
        have: dict[str, Any] = {"stage": lead.stage, "score": lead.score, "owner": lead.owner,
                                "fields": lead.fields}  # fmt: skip
        wrong = {}
        for key, value in wanted.items():
            if key == "fields":
                wrong.update({k: lead.fields.get(k) for k, v in value.items()
                              if not _same(lead.fields.get(k), v)})  # fmt: skip
            elif not _same(have.get(key), value):
                wrong[key] = have.get(key)
        return wrong or None


_PLAYS = {
    "user": _Player.user, "bot": _Player.bot, "wait": _Player.wait, "human": _Player.human,
    "event": _Player.event, "edit": _Player.edit, "restart": _Player.restart,
    "expect": _Player.expect,
}  # fmt: skip


def plain(node: Node) -> Any:  # noqa: ANN401 - a tree of texts
    """Return a node as texts, lists and mappings."""
    match node:
        case Scalar(text=text):
            return text
        case Items(nodes=nodes):
            return [plain(child) for child in nodes]
        case Table(entries=entries):
            return {name: plain(entry.value) for name, entry in entries.items()}


def _merge(base: Any, over: Any) -> Any:  # noqa: ANN401 - parsed YAML
    if isinstance(base, dict) and isinstance(over, dict):
        return {**base, **{key: _merge(base.get(key), value) for key, value in over.items()}}
    return over if over is not None else (base or {})


def _typed(value: Any) -> Value:  # noqa: ANN401 - parsed YAML
    """Return a mock's answer with numbers as numbers."""
    if isinstance(value, dict):
        return {str(key): _typed(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_typed(one) for one in value]
    if isinstance(value, str):
        if re.fullmatch(r"-?\d+\.\d+", value):
            return float(value)
        return free_value(value)
    return from_json(value)


def _many(value: Any) -> list[Any]:  # noqa: ANN401 - parsed YAML
    return value if isinstance(value, list) else [value]


def _same(found: object, wanted: object) -> bool:
    if wanted == "none":
        return found is None or found == ""
    form = Form(mode="iso")
    said = show(found, form)
    return said == str(wanted) or str(found) == str(wanted)


def _called(wanted: Any, calls: Sequence[CallHttp]) -> bool:  # noqa: ANN401 - parsed YAML
    return any(
        fnmatch.fnmatch(call.url, str(wanted.get("url", "*")))
        and wanted.get("method", call.method) == call.method
        for call in calls
    )


def _fits(wanted: Any, said: str) -> bool:  # noqa: ANN401 - parsed YAML
    if not isinstance(wanted, dict):
        return said == str(wanted)
    checks = []
    if "text" in wanted:
        checks.append(said == wanted["text"])
    if "contains" in wanted:
        checks.append(all(str(part) in said for part in _many(wanted["contains"])))
    if "regex" in wanted:
        checks.append(re.search(str(wanted["regex"]), said) is not None)
    if "any_of" in wanted:
        checks.append(any(_fits(one, said) for one in wanted["any_of"]))
    if "buttons" in wanted:
        checks.append(all(str(label) in said for label in wanted["buttons"]))
    return bool(checks) and all(checks)


def _wanted(value: Any) -> str:  # noqa: ANN401 - parsed YAML
    return repr(value) if isinstance(value, str) else str(value)


def _difference(wanted: Any, said: str) -> str:  # noqa: ANN401 - parsed YAML
    told = f"expected {_wanted(wanted)} got {said!r}"
    if not isinstance(wanted, str) or "\n" not in wanted + said:
        return told
    lines = difflib.ndiff(wanted.splitlines(), said.splitlines())
    return told + "\n" + "\n".join(f"    {line}" for line in lines)
