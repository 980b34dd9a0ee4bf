"""`alexia test --e2e`: conversation tests through emulator, browser and driver."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.cli.demo_parts import Gone
from bot.cli.live_campaigns import LiveCampaigns
from bot.cli.live_left import CannotPlay, LeftOut, Reach, goes_on_at, is_of_another
from bot.cli.live_stage import LiveStage, moment
from bot.cli.live_world import LiveWorld, said
from bot.domain.data import dataclass
from bot.domain.effects import CallHttp
from bot.domain.messages import ChatId, MessageKind
from bot.domain.turns import TurnSettings
from bot.domain.values import from_json
from bot.engine.compiled import Version, all_blocks
from bot.language import actions as a
from bot.language.blocks import every_step
from bot.language.rulebook import Rulebook
from bot.store.opening import open_connection
from bot.store.reading import has_arrived, is_settled, reading
from bot.testing import given
from bot.testing.doubles import Outside
from bot.testing.expecting import Scene, mismatch
from bot.testing.lines import (
    BotLine,
    CampaignLine,
    EditLine,
    ExpectLine,
    HumanLine,
    Line,
    RestartLine,
    Test,
    UserLine,
)
from bot.testing.messages import also_said, difference, fits, told
from bot.testing.player import Failed, joined
from bot.testing.reading import Broken
from bot.testing.room import Said
from bot.testing.runs import Results, TestFile, TestOutcome, chosen, find_tests, settings_of
from bot.testing.setting import settings_for
from bot.testing.values import printed

if TYPE_CHECKING:
    from bot.config import Config

FIRST_NUMBER = 5511970000000  # of the tests' contacts; each test has its own
HEARD_WITHIN, SETTLED_WITHIN = 20.0, 30.0  # seconds
SEEN = (
    "flow", "step", "slots", "tags", "not_tags", "lead", "contact", "timers", "handoff", "muted",
    "silent", "consent", "http", "campaign",
)  # fmt: skip
"""What can be told of a running bot from its database; the rest is seen only from inside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Tests that one daemon can run."""

    settings: tuple[tuple[str, str], ...]
    tests: tuple[tuple[TestFile, Test], ...]


def run_live(
    config: "Config",
    rulebook: Rulebook,
    paths: Sequence[Path],
    name: str | None,
    say: Callable[[str], None],
) -> tuple[Results, list[LeftOut]]:
    """Run tests end to end; return what became of them, and which lines were left out.

    Raises:
        Gone: A process ended, or the rules call an address that cannot be moved here.
    """
    _refuse_fixed_addresses(rulebook)
    outcomes: list[TestOutcome] = []
    playable: list[tuple[TestFile, Test]] = []
    for file, test in chosen(find_tests(config.folder, paths), name):
        if isinstance(test, Broken):
            outcomes.append(_outcome(file, test.name, test.place.line, "failed", test.message))
        else:
            playable.append((file, test))
    left_out: list[LeftOut] = []
    number = 0
    for group in _groups(playable, settings_of(config)):
        folder = Path(tempfile.mkdtemp(prefix="alexia-live-"))
        try:
            with LiveStage(config, folder, dict(group.settings)) as stage:
                for file, test in group.tests:
                    number += 1
                    player = LivePlayer(stage, file, test, rulebook, number)
                    outcome = _play(player, file, test)
                    outcomes.append(outcome)
                    say(f"{outcome.outcome:<8} {test.name}")
                    for one in player.left_out:
                        say(f"         {one}")
                    left_out += player.left_out
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return Results(tests=tuple(outcomes)), left_out


def _refuse_fixed_addresses(rulebook: Rulebook) -> None:
    """Refuse rules whose calls would leave this machine."""
    owners: list[Version] = [*rulebook.rules, *rulebook.flows.values()]
    for owner in owners:
        for block in all_blocks(owner):
            for step in every_step(block):
                if isinstance(step, a.HttpStep) and not step.url.source.startswith("$(env."):
                    raise Gone(
                        f"{step.place}: this address cannot be moved to this machine; begin it"
                        " with $(env.NAME) to run it end to end"
                    )


def _groups(tests: Sequence[tuple[TestFile, Test]], base: TurnSettings) -> Iterator[_Group]:
    found: dict[tuple[tuple[str, str], ...], list[tuple[TestFile, Test]]] = {}
    for file, test in tests:
        settings = settings_for(test, base)
        key: tuple[tuple[str, str], ...] = (
            ("timezone", settings.timezone), ("language", settings.language),
            ("currency", settings.currency),
        )  # fmt: skip
        found.setdefault(key, []).append((file, test))
    for key, group in found.items():
        yield _Group(settings=key, tests=tuple(group))


def _outcome(file: TestFile, name: str, line: int, outcome: str, message: str) -> TestOutcome:
    return TestOutcome(file=file.name, line=line, name=name, outcome=outcome, message=message)


def _play(player: "LivePlayer", file: TestFile, test: Test) -> TestOutcome:
    try:
        player.play()
    except Failed as failure:
        return _outcome(file, test.name, failure.place.line, "failed", str(failure))
    except Gone as gone:
        player.revive()
        return _outcome(file, test.name, test.place.line, "failed", str(gone))
    finally:
        player.clean_up()
    skipped = sum(one.lines for one in player.left_out)
    message = "\n".join(map(str, player.left_out))
    outcome = "skipped" if skipped >= len(test.lines) else "passed"
    return _outcome(file, test.name, test.place.line, outcome, message)


class LivePlayer:
    """Plays one test against the running bot.

    Attributes:
        left_out: The lines that it could not play.
    """

    def __init__(
        self, stage: LiveStage, file: TestFile, test: Test, rulebook: Rulebook, number: int
    ) -> None:
        self.left_out: list[LeftOut] = []
        self._stage = stage
        self._file = file
        self._test = test
        self._world = LiveWorld(stage, rulebook)
        self._chat = ChatId(f"{FIRST_NUMBER + number}@c.us")
        self._campaigns = LiveCampaigns(stage, rulebook, self._chat)
        self._outside = Outside(test.mock)
        self._edited: dict[Path, bytes] = {}
        self._read = 0

    def play(self) -> None:
        """Play what can be played, and note what cannot. Raises Failed."""
        env = self._test.given.get("env")
        self._stage.env = env if isinstance(env, dict) else {}
        self._stage.answer = self._answer
        lines, at = self._test.lines, 0
        if self._test.real_models and lines:
            self._leave_out(lines[0], "the real models are switched off here", len(lines) - 1)
            return
        self._prepare()
        is_cut_off = False  # what the bot says behind such a line is looked at by none
        while at < len(lines):
            line, behind = joined(lines, at)
            try:
                self._line(line)
            except CannotPlay as reason:
                at = goes_on_at(lines, behind, reason.reach)
                self._leave_out(line, str(reason), at - behind)
                is_cut_off = reason.reach is Reach.REST
                continue
            if self._outside.unmocked:
                raise Failed(line.place, self._outside.unmocked[0])
            at = behind
        if not is_cut_off:
            self._nothing_left(lines[-1] if lines else None)

    def _leave_out(self, line: Line, why: str, follow: int = 0) -> None:
        left = LeftOut(file=self._file.name, place=line.place, why=why, follow=follow)
        self.left_out.append(left)

    def revive(self) -> None:
        """Start the daemon anew when it does not answer any more."""
        if not self._stage.status():
            self._stage.kill()
            self._stage.start()

    def clean_up(self) -> None:
        """Undo edits of files."""
        for file, content in self._edited.items():
            file.write_bytes(content)
        if self._edited:
            self._stage.reload()

    def _prepare(self) -> None:
        db = open_connection(str(self._stage.database))
        ground = given.Ground(
            db=db, address=self._chat, now=moment(), rulebook=self._world.rulebook,
            settings=settings_for(self._test, TurnSettings()),
        )  # fmt: skip
        try:
            db.execute("BEGIN IMMEDIATE")
            given.prepare(ground, self._test.given)
            db.execute("COMMIT")
        except given.GivenWrong as wrong:
            raise Failed(self._test.place, str(wrong)) from wrong
        finally:
            db.close()

    def _answer(self, method: str, url: str, body: object) -> tuple[int, object]:
        request = CallHttp(key="live", method=method, url=url, json=from_json(body))
        answered = self._outside.answer(request)
        return answered.status or 503, answered.body

    def _line(self, line: Line) -> None:
        """Play a line. Raises CannotPlay."""
        match line:
            case BotLine():
                self._bot(line)
            case ExpectLine():
                self._expect(line)
            case UserLine():
                self._nothing_left(line)
                self._campaigns.forget()
                self._user(line)
            case CampaignLine():
                self._nothing_left(line)
                self._campaign(line)
            case HumanLine(text=text, to="", canned=""):
                self._nothing_left(line)
                self._campaigns.forget()
                self._put({"chat": self._chat, "text": text, "from_me": True})
            case EditLine():
                self._nothing_left(line)
                self._edit(line)
            case RestartLine():
                self._nothing_left(line)
                self._stage.kill()
                self._stage.start()
            case _:
                kind = type(line).__name__.removesuffix("Line").lower()
                raise CannotPlay(f"'{kind}' needs a fake clock or a hand inside")

    # ------------------------------------------------------------------ what happens

    def _user(self, line: UserLine) -> None:
        if is_of_another(line):
            raise CannotPlay("only one contact writes here, and in private", Reach.OTHERS)
        if line.location or line.media or line.card or line.mentioned:
            raise CannotPlay("only texts, reactions and votes are written here")
        if line.text in self._test.mock.models:
            raise CannotPlay("what the models say is not mocked here")
        match line.kind:
            case MessageKind.TEXT if not line.reply_to:
                self._put({"chat": self._chat, "text": line.text})
            case MessageKind.REACTION | MessageKind.POLL:
                self._touch(line)
            case _:
                raise CannotPlay("replies to a message are not written here")

    def _campaign(self, line: CampaignLine) -> None:
        if line.who:
            raise CannotPlay("only one contact gets campaigns here", Reach.OTHERS)
        self._campaigns.come(line)

    def _touch(self, line: UserLine) -> None:
        sent = self._stage.sent_to(self._chat)
        if not sent:
            raise Failed(line.place, "the bot has said nothing yet that could be touched")
        target = {"id": sent[-1]["id"], "from": self._chat}
        if line.kind is MessageKind.POLL:
            self._stage.post("vote", {**target, "options": list(line.votes)})
        else:
            self._stage.post("react", {**target, "emoji": line.reaction})
        self._settle()

    def _put(self, message: dict[str, Any]) -> None:
        message_id = str(self._stage.post("messages", message)["id"])

        def heard() -> bool:
            with reading(self._stage.database) as db:
                return has_arrived(db, message_id)

        if not self._stage.wait_until(heard, HEARD_WITHIN):
            raise Gone("the bot did not hear a message")
        self._settle()

    def _settle(self) -> None:
        def settled() -> bool:
            with reading(self._stage.database) as db:
                return is_settled(db, self._chat)

        if not self._stage.wait_until(settled, SETTLED_WITHIN):
            raise Gone("the bot did not come to rest")

    def _edit(self, line: EditLine) -> None:
        file = (self._stage.folder / line.file).resolve()
        if not file.is_relative_to(self._stage.folder.resolve()):
            raise Failed(line.place, f"{line.file!r} leads out of the folder")
        before = file.read_bytes() if file.is_file() else b""
        self._edited.setdefault(file, before)
        if line.delete:
            file.unlink(missing_ok=True)
        else:
            text = before.decode() if line.text is None else line.text
            for old, new in line.replace:
                if old not in text:
                    raise Failed(line.place, f"{printed(old)} does not stand in {line.file}")
                text = text.replace(old, new)
            file.write_text(text, encoding="utf-8")
        if self._stage.reload() is line.rejected:
            raise Failed(line.place, "the edited files are " + ("whole" if line.rejected
                         else "broken"))  # fmt: skip

    # ------------------------------------------------------------------ what must be so

    def _unread(self) -> list[Said]:
        return [said(line, self._test.language) for line in
                self._stage.sent_to(self._chat)[self._read :]]  # fmt: skip

    def _nothing_left(self, line: Line | None) -> None:
        left = self._unread()
        self._read += len(left)
        if left and self._test.strict and line is not None:
            raise Failed(line.place, also_said(left))

    def _bot(self, line: BotLine) -> None:
        wanted = line.wanted
        if wanted.to or wanted.deed or wanted.lang or wanted.quote is not None:
            is_ours = not wanted.to and not wanted.deed
            self._read += is_ours and bool(self._unread())
            seen = "what is said to others, languages, quotes and reactions are seen from inside"
            raise CannotPlay(seen, Reach.LINE)
        left = self._unread()
        if not self._test.strict:
            fitting = [n for n, said in enumerate(left) if fits(wanted, said)]
            self._read += fitting[0] if fitting else 0
            left = left[fitting[0] :] if fitting else left
        if not left:
            raise Failed(line.place, f"expected {told(wanted)} got nothing")
        self._read += 1
        if not fits(wanted, left[0]):
            raise Failed(line.place, difference(wanted, left[0]))

    def _expect(self, line: ExpectLine) -> None:
        if line.who:
            raise CannotPlay("only one contact is looked at here", Reach.LINE)
        scene = Scene(
            room=self._world, chat=self._chat, address=self._chat, unread=self._unread(), turns=(),
            calls=self._outside.called,
        )  # fmt: skip
        for one in line.expectations:
            if not _is_seen(one.key, scene):
                continue
            found = (
                self._campaigns.mismatch(one.wanted)
                if one.key == "campaign"
                else mismatch(one.key, one.wanted, scene)
            )
            if found is not None:
                raise Failed(one.place, f"expected {one.key}: {printed(one.wanted)} got {found}")
        unseen = [one.key for one in line.expectations if not _is_seen(one.key, scene)]
        if unseen:
            raise CannotPlay(f"{', '.join(unseen)}: seen only from inside", Reach.LINE)


def _is_seen(key: str, scene: Scene) -> bool:
    """Tell whether something can be told from outside; a rule's captures are gone with its turn."""
    return key in SEEN and (key != "slots" or scene.frame is not None)
