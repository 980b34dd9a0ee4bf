"""The question "Did you mean …?": the first two intents as a menu, and what is chosen of it."""

from bot.domain.data import replace
from bot.domain.understanding import IntentScore
from bot.domain.values import Value
from bot.engine.choices import chosen_of
from bot.engine.draft import Draft
from bot.engine.replies import compose, menu
from bot.language import actions as a
from bot.language.folding import fold

OFFERED = 2  # intents
NOTE = "clarify"


def ask_which(draft: Draft, step: a.ClarifyStep, by: str) -> None:
    """Offer what the models waver between; say nothing when they told no such intent."""
    names = [
        one.name for one in draft.understanding.intents
        if not step.labels or one.name in step.labels
    ][:OFFERED]  # fmt: skip
    if not names:
        draft.trace(by, "skipped", "the models told no intent that could be offered")
        return
    labels = tuple(
        draft.words(step.labels[name]) if step.labels else name.replace("_", " ") for name in names
    )
    said = compose(draft, step.text)
    text = "\n".join(part for part in (said.text, menu(labels)) if part)
    draft.speak(replace(said, text=text, buttons=labels), by)
    offered: dict[str, Value] = dict(zip(labels, names, strict=True))
    note: Value = {"said": draft.text, "offered": offered}
    notes = {**draft.conversation.notes, NOTE: note}
    draft.conversation = replace(draft.conversation, notes=notes)


def take_meant(draft: Draft) -> bool:
    """Handle the earlier message as of the intent that is chosen now; any other answer ends it."""
    asked = draft.conversation.notes.get(NOTE)
    if not isinstance(asked, dict):
        return False
    notes = {name: note for name, note in draft.conversation.notes.items() if name != NOTE}
    draft.conversation = replace(draft.conversation, notes=notes)
    offered = asked["offered"]
    name = _chosen(draft, list(offered.items())) if isinstance(offered, dict) else None
    if name is None or draft.open_flow:
        return False
    draft.conversation = replace(draft.conversation, menu=())
    draft.hear(str(asked["said"]))
    meant = IntentScore(name=name, score=1.0, accepted=True)
    draft.understanding = replace(draft.understanding, intents=(meant,))
    draft.looked = None
    return True


def _chosen(draft: Draft, offered: list[tuple[str, object]]) -> str | None:
    """Return the intent that a number, a place or a label names."""
    labels = [label for label, _ in offered]
    said = fold(chosen_of(labels, draft.text) or draft.text.strip().rstrip(".)")).text
    return next((str(name) for label, name in offered if fold(label).text == said), None)
