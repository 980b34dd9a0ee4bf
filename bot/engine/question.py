"""What a message means to the open question."""

from collections.abc import Sequence

from bot.domain.messages import MessageKind
from bot.engine.behind import behind, is_known
from bot.engine.beside import answer, beside
from bot.engine.compete import Candidate, is_sure, possible, ranked
from bot.engine.compiled import locate
from bot.engine.corrections import corrected
from bot.engine.draft import Draft
from bot.engine.filling import fill_from, first_refusal, heard_anywhere, says_skip
from bot.engine.instead import changes_beside
from bot.engine.leaving import Leaving
from bot.engine.moving import moved
from bot.engine.open_slots import changed_of
from bot.engine.refused import remember_out_of_bounds
from bot.engine.slots import Given, OutOfBounds, is_free, names_of, read_value
from bot.engine.spans import CLOCKED, Rest, is_clear
from bot.engine.speaking import join, joining, speak
from bot.engine.steps import Runner
from bot.engine.triggers import BY_SENTENCE, BY_TEXT
from bot.engine.way import back_to, is_last
from bot.engine.yes_or_no import answer_of
from bot.language import actions as a
from bot.language.flows import Flow, Slot
from bot.language.inquiries import told
from bot.language.introduced import is_answer, only_leads
from bot.language.rules import Rule
from bot.language.said_numbers import read_number
from bot.language.yes_no import says_first

NAMED = ("choice", "list", "text", "name", "any", "location", "media")
"""Types whose values may hold the words that rules look for."""


class Question(Leaving):
    """The open question of the flow on top, and the message that may answer it."""

    def handle(self) -> None:
        """Let the message answer, correct, cancel or digress."""
        draft = self.draft
        draft.winner = self.by
        if self.answer_pending() or self._is_cancelled() or self._is_skip() or self._is_back():
            return
        if self._answer_beside() and self._is_skip():
            return
        others = self._others()
        if draft.message is not None and draft.message.kind is MessageKind.REACTION:
            draft.winner = ""
            if others:
                self._digress(others)
            return
        self._wants_rule = bool(others) and any(
            one.hit.kind in BY_TEXT and isinstance(one.what, Rule) for one in others
        )
        swallows = self.slot.type == "yes_no" or is_free(self.slot) or self._is_unclear()
        if (swallows and self._correct()) or self._change(others):
            return
        read = None if self._yields(others) else self._read()
        if isinstance(read, Given):
            self._conceal(self.slot)
            self._take(read, others)
            return
        if self._correct() or (read is None and self._is_led_elsewhere(others)):
            return
        self._conceal(self.slot)
        if isinstance(read, OutOfBounds):
            remember_out_of_bounds(self.draft, self.slot)
            self.runner.ask_again(self.step, self.slot, self.step.reask or self.slot.reask)
            return
        self.runner.no_match(self.step, self.slot)

    def _others(self) -> list[Candidate]:
        """Return who could speak instead, as far as the flow lets itself be interrupted."""
        found = possible(self.draft)
        if not found.all:
            return []
        interrupt = self.step.interrupt or self.flow.interrupt
        whats: list[Rule | Flow] = [
            rule for rule in found.speaking
            if rule.during_flow == "answer" and interrupt != "never"
            and (rule.during_handoff or not self.draft.in_handoff)
        ]  # fmt: skip
        if self.draft.in_handoff:
            return ranked(whats, self.draft)
        open_flows = self._open_flows()
        for flow in found.flows:
            if flow.name in open_flows:
                if flow.reentry != "ignore":
                    whats.append(flow)
            elif interrupt in ("allow", "ask"):
                whats.append(flow)
        return ranked(whats, self.draft)

    def _open_flows(self) -> set[str]:
        return {frame.flow for frame in self.draft.frames}

    def _yields(self, others: list[Candidate]) -> bool:
        """A free text is no answer when a rule or another flow knows it by its words.

        Nor where one knows it by an intent of which it asks much, nor is a `not` within a sentence
        that a rule knows as a whole.
        """
        if self.slot.type == "yes_no":
            return not says_first(self.draft.text) and any(
                isinstance(other.what, Rule) and other.hit.kind in BY_SENTENCE for other in others
            )
        if not is_free(self.slot):
            return False
        message = self.draft.message
        if message is not None and message.location is not None:
            return False
        here = self._open_flows()
        return any(
            other.hit.kind in BY_TEXT or is_sure(other)
            for other in others
            if isinstance(other.what, Rule) or other.what.name not in here
        )

    # ------------------------------------------------------------------ answers

    def _answer_beside(self) -> bool:
        """Answer what a message asks beside an answer or a correction, which is then heard alone.

        Returns whether something was answered.

        Where no question may follow a yes or no, what it asks is heard behind the flow's end.
        """
        draft, slot = self.draft, self.slot
        if draft.in_handoff or (self.step.interrupt or self.flow.interrupt) == "never":
            return False
        found = beside(draft, in_flow=True)
        if found is None or not found.rest:
            return False
        text = draft.text
        whole = self._read() if found.joins and not is_free(slot) else None
        draft.hear(found.rest)
        if isinstance(whole, Given) and slot.type not in NAMED and self._read() == whole:
            heard = False  # they speak beside the answer, in the order of their ranks
        elif is_free(slot):
            heard = self._is_free_answer(found.rest) and not is_known(draft, found.rest, "")
        else:
            is_end = slot.type == "yes_no" and is_last(self.flow, self.step)
            heard = bool(corrected(draft, self.flow, slot, alone=False)[0])
            heard = heard or (not is_end and isinstance(self._read(), Given))
        heard = heard or says_skip(slot, found.rest, draft.folded)
        draft.hear_again(text)
        if heard:
            answer(draft, self.runner, found.asked)
            draft.hear(found.rest.rstrip(" .") if is_free(slot) else found.rest)
        return heard

    def _take(self, read: Given, others: Sequence[Candidate]) -> None:
        """Keep an answer; one that is to be confirmed waits for a yes.

        Args:
            others: Who fits the message too: rules that join answer what it asks beside.
        """
        draft = self.draft
        draft.trace(f"{self.step.place} slot {self.slot.name}", "filled")
        self.runner.fill(self.slot.name, read.value)
        if not self._checked(self.slot, self.step):
            return
        if self.slot.confirm:
            draft.unset(self.slot.name)
            self.ask_pending("confirm", value=read.value)
            return
        if not self._correct_beside(read):
            return
        self._take_more(read)
        depth = len(draft.frames)
        joined = self.slot.type not in NAMED and joining(draft, self.runner, others)
        if len(draft.frames) == depth and not self.runner.reroutes:
            self.runner.go_on(self.flow, self.step.path)
        is_over = not draft.frames and not self.runner.reroutes
        if self.slot.type == "yes_no" and is_over and not joined:
            self._hear_behind(read)

    def _hear_behind(self, read: Given) -> None:
        """Hear what is said behind the yes or no that ended the flow: "no. A taxi, please"."""
        draft = self.draft
        rest = behind(draft.text, lambda clause: answer_of(clause, self.slot) is read.value)
        if rest and is_known(draft, rest, self.flow.name):
            self.runner.reroutes.append(rest)

    def _correct_beside(self, read: Given) -> bool:
        """Correct what a clause beside an answer does; False where that is asked for again."""
        draft = self.draft
        if self.slot.type == "yes_no" or is_free(self.slot):
            return True
        text = draft.text
        for clause in changes_beside(text):
            if read_value(self.slot, clause, draft) == read:
                continue  # "40 o 50, pon 50": it says the answer itself
            draft.hear(clause)
            taken, _ = corrected(draft, self.flow, self.slot, alone=False)
            draft.hear_again(text)
            if taken and not self._put_right(self.flow, taken, Rest("")):
                return False
        return True

    def _take_more(self, read: Given) -> None:
        """Fill other slots that want it from what an answer says beside."""
        wanted = heard_anywhere(self.flow)
        if not wanted or is_free(self.slot):
            return
        rest = Rest(told(self.draft.text), self.flow.slots.values())
        mine = rest.take(self.slot, self.draft)
        if self.slot.type == "yes_no" or mine == read:
            self._restate(wanted, rest)
            fill_from(self.draft, self.flow, wanted, rest)

    def _is_free_answer(self, text: str) -> bool:
        """Tell whether a part of a message is the free text or name that is asked for."""
        read = read_value(self.slot, text, self.draft) if self.slot.type == "name" else None
        name = str(read.value) if isinstance(read, Given) else text
        is_led = name.strip(" .,!") != text.strip(" .,!")
        is_sentence = text.rstrip().endswith((".", "!")) and not only_leads(text)
        return is_led or is_sentence or is_answer(name, names_of(self.slot))

    def _is_unclear(self) -> bool:
        """Tell whether a day would be read from a number that a correction of others may hold."""
        return self.slot.type == "date" and not is_clear("date", self.draft.text)

    def _is_led_elsewhere(self, others: Sequence[Candidate]) -> bool:
        """Fill other slots, or digress."""
        if others and not self._is_about_itself(others[0]):
            self._digress(others)
            return True
        if self._fill_instead():
            return True
        if others:
            self._digress(others)
        return bool(others)

    def _is_about_itself(self, other: Candidate) -> bool:
        """Tell whether a message names what is open: "the room is for two nights"."""
        flow = other.what
        return isinstance(flow, Flow) and flow is self.flow and flow.reentry in ("ask", "resume")

    def _restate(self, wanted: Sequence[Slot], rest: Rest) -> None:
        """Take a day or a time that an answer says anew beside: "4 at 8pm" counts, not the 7pm."""
        draft = self.draft
        for slot in wanted:
            held = draft.slot_value(draft.frames[-1], self.flow, slot.name)
            if slot is self.slot or held is None or slot.type not in CLOCKED or not slot.prefill:
                continue
            read = rest.take(slot, draft, instead_of=held, clearly=True)
            if isinstance(read, Given) and read.value != held:
                self.runner.fill(slot.name, read.value)
                if first_refusal(draft, slot.valid) is not None:
                    self.runner.fill(slot.name, held)

    def _fill_instead(self) -> bool:
        """Fill slots that want it from a message that is no answer: "something cheap, please".

        A number alone is a wrong answer, and no news.
        """
        draft = self.draft
        wanted = heard_anywhere(self.flow)
        is_number = len(draft.folded.words) == 1 and read_number(draft.text) is not None
        if not wanted or is_number:
            return False
        before = draft.frames[-1].slots
        fill_from(draft, self.flow, wanted, Rest(told(draft.text), self.flow.slots.values()))
        now = draft.frames[-1].slots
        found = [slot for slot in wanted if slot.name in now and slot.name not in before]
        if not found:
            return False
        for slot in found:
            draft.trace(f"{slot.place} slot {slot.name}", "filled", "in place of an answer")
        self._go_back(back_to(self.flow, found, self.step.path))
        return True

    # ------------------------------------------------------------------ digressions

    def put_again(self) -> None:
        """Put the question again after a rule has spoken, unless the rule has answered it.

        Where the rule has changed slots, the flow goes on from the first question of them.
        """
        draft = self.draft
        changed = changed_of(draft.frames[-1].notes)
        if changed:
            draft.top(notes={})
            slots = [slot for name, slot in self.flow.slots.items() if name in changed]
            self._go_back(back_to(self.flow, slots, self.step.path))
            return
        self._go_back(self.step.path)

    def _digress(self, others: Sequence[Candidate]) -> None:
        """Let a rule answer, or another flow be pushed; then come back to the question."""
        draft, other = self.draft, others[0]
        draft.trace(other.path, "won", "in the middle of a question")
        if isinstance(other.what, Flow):
            if other.what.name in self._open_flows():
                self.reenter(other.what, other.hit.captures)
                return
            if (self.step.interrupt or self.flow.interrupt) == "ask":
                self.ask_pending("leave", flow=other.what.name, captures=dict(other.hit.captures))
                return
        draft.winner = other.name
        depth = len(draft.frames)
        since = draft.frames[-1].since
        speak(draft, self.runner, other)
        stands = len(draft.frames) == depth and draft.frames[-1].since == since
        if stands and draft.frames[-1].flow == self.flow.name and not self.runner.reroutes:
            if isinstance(other.what, Flow):
                self.resume()
                return
            join(draft, self.runner, other, others[1:])
            if len(draft.frames) == depth and not self.runner.reroutes:
                self.put_again()


def open_question(draft: Draft, runner: Runner) -> Question | None:
    """Return the open question, None when none is; a frame whose step is gone is moved or ended."""
    while draft.frames:
        frame = draft.frames[-1]
        flow = draft.flow_of(frame)
        if flow is None:
            if frame.awaiting and draft.compiled.version(frame.version) is not None:
                return None
            runner.drop(len(draft.frames) - 1)
            continue
        flow = moved(draft, runner, flow)
        if flow is None:
            return None
        way = locate(flow, draft.frames[-1].step)
        step = way[-1][0][way[-1][1]] if way else None
        if isinstance(step, a.AskStep) and step.slot in flow.slots:
            return Question(draft, runner, flow, step)
        if draft.frames[-1].awaiting or draft.frames[-1].notes.get("parked"):
            return None
        runner.drop(len(draft.frames) - 1)
    return None
