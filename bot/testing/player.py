"""Plays one test, line by line."""

import re
from dataclasses import replace
from typing import assert_never

from bot.domain.data import dataclass
from bot.domain.messages import ChatId
from bot.domain.turns import TurnSettings, Visit
from bot.inbound.next_event import COMMAND
from bot.language.places import Place
from bot.language.problems import did_you_mean
from bot.language.rulebook import Rulebook
from bot.testing import given
from bot.testing.books import Books, Copy
from bot.testing.campaign_turn import NoSuchTurn, meant_by
from bot.testing.cast import Cast, about, group_of
from bot.testing.doubles import Outside, PatientUnderstander, ScriptedUnderstander
from bot.testing.expecting import Scene, mismatch
from bot.testing.lines import (
    BotLine,
    CampaignLine,
    EditLine,
    EventLine,
    ExpectLine,
    HumanLine,
    Line,
    RestartLine,
    Test,
    UserLine,
    WaitLine,
)
from bot.testing.memory import MemoryDatabase
from bot.testing.messages import also_said, difference, fits, told
from bot.testing.room import EngineFailed, Room, Said
from bot.testing.setting import settings_for, start_of
from bot.testing.values import printed


class Failed(Exception):
    """A line did not happen as written."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a test should say for what the bot does: another text, or a line more.

    Attributes:
        text_at: Where the exact text stands that is to be replaced; None: a line is missing
            behind ``after``.
    """

    text: str
    text_at: Place | None = None
    after: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What all tests of a run share."""

    books: Books
    settings: TurnSettings
    database: MemoryDatabase
    models: PatientUnderstander
    env_names: tuple[str, ...] = ()


class Player:
    """One test on the stage.

    Attributes:
        visits: What of the unedited files ran.
        corrections: With ``lenient``, what differed instead of failing.
    """

    def __init__(self, test: Test, stage: Stage, *, lenient: bool = False) -> None:
        """Set the stage. Raises Failed when the rules are broken or what is given does not fit."""
        self.test = test
        self.corrections: list[Correction] = []
        self.visits: set[Visit] = set()
        self._stage = stage
        self._lenient = lenient
        self._settings = settings_for(test, stage.settings)
        self._env = {*stage.env_names, *self._settings.env}
        self._copy: Copy = stage.books.load(self._env)
        self._edited = False
        self._outside = Outside(test.mock)
        self._address = given.contact_address(test.given)
        self._chat = self._speaker = self._address
        self._read = 0
        self._at_once = False  # another message came before the answers to this one are listed
        self._noted = 0
        self._deeds = 0
        self._last = test.place
        self.room = self._open()
        self._cast = Cast(self.room, self._address)

    def _open(self) -> Room:
        self._stage.database.wipe()
        room = Room(
            self._rulebook(self._copy, self.test.place),
            self._settings,
            now=start_of(self.test, self._settings),
            answer=self._outside.answer,
            understander=self._stage.models
            if self.test.real_models
            else ScriptedUnderstander(self.test.mock.models),
            database=self._stage.database,
            seed=self.test.seed,
        )
        try:
            ground = given.Ground(
                db=room.database.db, address=self._address, now=room.now,
                rulebook=room.rulebook, settings=self._settings,
            )  # fmt: skip
            given.prepare(ground, self.test.given)
        except given.GivenWrong as wrong:
            place = self.test.given_at.get(wrong.key, self.test.place)
            raise Failed(place, f"{place}: {wrong}") from wrong
        return room

    def _rulebook(self, copy: Copy, place: Place) -> Rulebook:
        if copy.rulebook is None:
            raise Failed(place, f"the rule files are broken\n{copy.message}")
        return copy.rulebook

    def play(self) -> None:
        """Play all lines. Raises Failed."""
        lines = self.test.lines
        at = 0
        while at < len(lines):
            line, at = joined(lines, at)
            try:
                self._play(line)
            except EngineFailed as failure:
                raise Failed(line.place, f"the engine failed: {failure}") from failure
            self._note_visits()
            self._nothing_unmocked(line)
            self._last = line.place
            self._at_once = isinstance(line, UserLine) and answers_follow(lines[at:])
        self._nothing_left(self._last)

    def _note_visits(self) -> None:
        if not self._edited:
            for turned in self.room.turns[self._noted :]:
                self.visits.update(turned.decision.visits)
        self._noted = len(self.room.turns)

    def _nothing_unmocked(self, line: Line) -> None:
        if self._outside.unmocked:
            raise Failed(line.place, self._outside.unmocked[0])
        if self.test.real_models and self._stage.models.failed:
            raise Failed(line.place, f"the models say nothing: {self._stage.models.failed}")

    def _play(self, line: Line) -> None:
        match line:
            case BotLine():
                self._bot(line)
            case ExpectLine():
                self._expect(line)
            case _:
                if not (isinstance(line, UserLine) and self._at_once):
                    self._nothing_left(self._last)
                self._begin()
                self._happen(line)

    def _happen(self, line: Line) -> None:
        match line:
            case UserLine():
                self._user(line)
            case WaitLine(duration=duration):
                self.room.wait(duration)
            case HumanLine(place=place, text=text, to=to, canned=canned):
                chat = self._cast.chat_named(to, self._chat) if to else self._chat
                if canned:
                    self._send_canned(chat, canned, place)
                else:
                    self.room.write(self.room.message(text, chat=chat, from_me=True))
            case EventLine():
                self._event(line)
            case CampaignLine():
                self._campaign(line)
            case EditLine():
                self._edit(line)
            case RestartLine(down=down):
                self.room.restart(down)
            case BotLine() | ExpectLine():
                raise AssertionError(line)
            case _:
                assert_never(line)

    def _send_canned(self, chat: ChatId, name: str, place: Place) -> None:
        known = self.room.rulebook.canned
        if name not in known:
            near = did_you_mean(name, known)
            hint = f"; did you mean {near!r}?" if near else ""
            raise Failed(place, f"there is no canned reply {name!r}{hint}")
        self.room.raise_event(chat, f"{COMMAND}say", {"argument": name})

    def _begin(self) -> None:
        """Something happens now: rules and errors are counted from here."""
        self._deeds = len(self.room.deeds)
        self.room.forget_turns()
        self._noted = 0

    # ------------------------------------------------------------------ what happens

    def _event(self, line: EventLine) -> None:
        data = line.data
        if line.who:
            self._speaker = self._chat = self._cast.chat_of(line.who)
        if line.group:
            self._chat = group_of(line.group)
            data = {**about(self._speaker, line.who), **data} if line.who else data
        self.room.raise_event(self._chat, line.name, data)

    def _campaign(self, line: CampaignLine) -> None:
        """Let the turn come; on the last line's chat when nobody is named."""
        try:
            campaign, variant = meant_by(line, self.room.rulebook)
        except NoSuchTurn as wrong:
            raise Failed(line.place, str(wrong)) from wrong
        chat = self._cast.chat_of(line.who) if line.who else self._address
        self._speaker = self._chat = chat
        self.room.campaign(chat, campaign, variant)

    def _user(self, line: UserLine) -> None:
        sender = self._cast.chat_of(line.sender) if line.sender else self._address
        chat = group_of(line.group) if line.group else sender
        self._speaker, self._chat = sender, chat
        quoted = self._quoted(line)
        message = self.room.message(
            line.text, chat=chat, kind=line.kind, sender=str(sender), media=line.media,
            location=line.location, card=line.card, votes=line.votes, reaction=line.reaction,
            mentioned=line.mentioned, sender_name=self._cast.shown_name(line.sender),
            quoted_id=quoted.id if quoted else None, quoted_text=quoted.text if quoted else "",
        )  # fmt: skip
        self.room.write(message)

    def _quoted(self, line: UserLine) -> Said | None:
        if not line.reply_to and not line.reaction:
            return None
        here = [one for one in self.room.said if one.chat == self._chat]
        if line.reply_to not in ("", "last", "true"):
            here = [one for one in here if line.reply_to in one.text]
            if not here:
                raise Failed(line.place, f"the bot never said {printed(line.reply_to)} here")
        return here[-1] if here else None

    def _edit(self, line: EditLine) -> None:
        text: bytes | None = None
        before = self._copy.sources.get(line.file)
        if before is None and line.text is None:
            known = ", ".join(self._copy.sources)
            raise Failed(line.place, f"there is no file {line.file!r}; one of: {known}")
        if not re.fullmatch(r"(rules|flows)/(?!.*\.\.).+\.ya?ml", line.file):
            raise Failed(line.place, f"{line.file!r} is no file under rules/ or flows/")
        if line.text is not None:
            text = line.text.encode()
        elif not line.delete:
            text = _replaced(line, (before or b"").decode())
        copy = self._stage.books.edit(self._copy, self._env, line.file, text)
        self._edited = True
        if line.rejected:
            if copy.rulebook is not None:
                raise Failed(line.place, "the edited files are whole, and were to be rejected")
            return  # the last good rulebook stays in force
        self.room.use(self._rulebook(copy, line.place))
        self._copy = copy

    # ------------------------------------------------------------------ what must be so

    def _nothing_left(self, place: Place) -> None:
        """Fail when the bot said something that no line expects."""
        left = self.room.said[self._read :]
        self._read = len(self.room.said)
        if not left or not self.test.strict:
            return
        if not self._lenient:
            raise Failed(place, also_said(left))
        for said in left:
            self.corrections.append(Correction(text=said.text, after=place))

    def _bot(self, line: BotLine) -> None:
        wanted = line.wanted
        if wanted.deed is not None:
            if wanted.deed not in self.room.deeds[self._deeds :]:
                deeds = [" ".join(deed).strip() for deed in self.room.deeds[self._deeds :]]
                raise Failed(line.place, f"expected {told(wanted)} got {printed(deeds)}")
            return
        if wanted.to and self._is_notice(wanted.to):
            self._notice(line)
            return
        left = self.room.said[self._read :]
        if not self.test.strict:
            fitting = [n for n, said in enumerate(left) if self._fits(line, said)]
            left = left[fitting[0] :] if fitting else left
            self._read = len(self.room.said) - len(left)
        if not left:
            raise Failed(line.place, f"expected {told(wanted)} got nothing{self._troubles()}")
        self._read += 1
        if self._fits(line, left[0]):
            return
        if self._lenient and line.text_at is not None:
            self.corrections.append(Correction(text=left[0].text, text_at=line.text_at))
            return
        message = difference(wanted, left[0])
        if wanted.to and fits(wanted, left[0]):
            message = f"expected a message to {wanted.to} got one to {left[0].chat}"
        raise Failed(line.place, message + self._troubles())

    def _troubles(self) -> str:
        """Return what went wrong in the bot since something happened last, a line each."""
        errors = [error for turned in self.room.turns for error in turned.decision.errors]
        return "".join(f"\n    error: {error}" for error in dict.fromkeys(errors))

    def _fits(self, line: BotLine, said: Said) -> bool:
        to = line.wanted.to
        return fits(line.wanted, said) and (
            not to or said.chat == self._cast.chat_named(to, self._chat)
        )

    def _is_notice(self, to: str) -> bool:
        """Tell whether this is a team, or a number that only notices go to."""
        return to in self.room.rulebook.teams or any(one.to == to for one in self.room.notified)

    def _notice(self, line: BotLine) -> None:
        """Take the next notice to a team or number."""
        wanted = replace(line.wanted, to="")
        notices = [one for one in self.room.notified if one.to == line.wanted.to]
        for notice in notices:
            said = Said.of_text(notice.text, self._settings.language, self.room.now)
            if fits(wanted, said):
                return
        raise Failed(
            line.place,
            f"expected {told(line.wanted)} got {printed([one.text for one in notices])}",
        )

    def _expect(self, line: ExpectLine) -> None:
        chat = self._cast.chat_named(line.who, self._chat) if line.who else self._chat
        person = self._speaker if not line.who or chat.endswith("@g.us") else chat
        scene = Scene(
            room=self.room,
            chat=chat,
            address=person,
            unread=self.room.said[self._read :],
            turns=[one for one in self.room.turns if not line.who or one.lane[1] == chat],
            calls=self._outside.called,
        )
        for one in line.expectations:
            found = mismatch(one.key, one.wanted, scene)
            if found is not None:
                raise Failed(one.place, f"expected {one.key}: {_bare(one.wanted)} got {found}")


def _bare(wanted: object) -> str:
    return wanted if isinstance(wanted, str) and wanted else printed(wanted)


def joined(lines: tuple[Line, ...], at: int) -> tuple[Line, int]:
    """Return the line at a place, with those that form one burst with it, and what comes next."""
    line, at = lines[at], at + 1
    while isinstance(line, UserLine) and at < len(lines):
        follower = lines[at]
        if not isinstance(follower, UserLine) or not (follower.burst or line.burst):
            break
        if (follower.sender, follower.group) != (line.sender, line.group):
            break
        text = "\n".join(part for part in (line.text, follower.text) if part)
        line = replace(follower, text=text, place=line.place)
        at += 1
    return line, at


def answers_follow(lines: tuple[Line, ...]) -> bool:
    """Tell whether more messages of customers come now, and then what is said to all of them."""
    after = next((line for line in lines if not isinstance(line, UserLine)), None)
    return isinstance(after, BotLine)


def _replaced(line: EditLine, text: str) -> bytes:
    for old, new in line.replace:
        if old not in text:
            raise Failed(line.place, f"{printed(old)} does not stand in {line.file}")
        text = text.replace(old, new)
    return text.encode()
