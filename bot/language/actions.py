"""What is done, as written: the one step grammar of rules, flows, timers and campaigns."""

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta

from bot.domain.data import dataclass
from bot.language.conditions import Condition
from bot.language.places import NOWHERE, Place
from bot.language.templates import Expression, Template
from bot.language.texts import Text

Setting = Template | Mapping[str, "Setting"] | tuple["Setting", ...]
"""A value as written: a template (which keeps a lone expression's type), or a tree of them."""


OPEN = "chat.slots."
"""What a name begins with that means a slot of the open flow."""
ERROR = "error"
"""The name of what went wrong, in the steps that follow a call that failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """What every step has.

    Attributes:
        path: Unique in its flow or rule: the ``id``, else for an `ask` its slot's name (made unique
            with ``#2`` …), else its place in the tree, such as ``3.then.0``.
        condition: The step's ``if``.
    """

    path: str
    condition: Condition | None = None
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyStep(_Step):
    """Say something."""

    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactStep(_Step):
    """Put an emoji on the message."""

    emoji: Template


@dataclass(frozen=True, slots=True, kw_only=True)
class AskStep(_Step):
    """Ask for a slot; what is None is the slot's or the flow's own."""

    slot: str
    text: Text | None = None
    reask: Text | None = None
    retries: int | None = None
    timeout: timedelta | None = None
    on_timeout: tuple["Step", ...] | None = None
    on_fail: str | tuple["Step", ...] | None = None
    interrupt: str | None = None
    force: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetStep(_Step):
    """Set slots, ``contact.x`` or ``vars.x``."""

    values: Mapping[str, Setting]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsetStep(_Step):
    """Empty slots or fields."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TagStep(_Step):
    """Add or remove tags."""

    tags: tuple[Template, ...]
    remove: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadStep(_Step):
    """Create or change the lead. ``score``: "+10", "-5" or "60", may be a template."""

    stage: Template | None = None
    score: Template | None = None
    owner: Template | None = None
    fields: Mapping[str, Setting] = field(default_factory=dict)
    note: Template | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpStep(_Step):
    """Call out. ``save``: name to a JSON path such as ``$.total``."""

    method: str
    url: Template
    headers: Mapping[str, Template] = field(default_factory=dict)
    json: Setting | None = None
    form: Mapping[str, Template] | None = None
    timeout: timedelta | None = None
    retries: int | None = None
    save: Mapping[str, str] = field(default_factory=dict)
    on_error: tuple["Step", ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffStep(_Step):
    """A person takes over; ``is_over``: none has the chat any more."""

    is_over: bool = False
    team: Template | None = None
    note: Template | None = None
    priority: str = ""
    mute: timedelta | None = None
    park: bool = False
    reply: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignStep(_Step):
    """Give the chat to a team, to one of its members, or to nobody in particular (both None)."""

    team: Template | None = None
    member: Template | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyStep(_Step):
    """Tell a team or a number."""

    to: Template
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitStep(_Step):
    """Pause, at most 60 s."""

    duration: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterStep(_Step):
    """Do steps later. Exactly one of ``after`` and ``at``."""

    steps: tuple["Step", ...]
    after: timedelta | None = None
    at: Template | None = None
    name: Template | None = None  # its `id` inside `later`
    unless: Condition | None = None
    cancel_on_reply: bool = True
    late: timedelta | None = timedelta(hours=1)  # None: send however late; zero: drop


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One way of a branch; ``condition`` None is the else."""

    condition: Condition | None
    steps: tuple["Step", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchStep(_Step):
    """The first arm that holds."""

    arms: tuple[Arm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EachStep(_Step):
    """Once for each item."""

    of: Template
    name: str
    index: str = ""
    steps: tuple["Step", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatStep(_Step):
    """While it holds, at most ``most`` times."""

    condition_while: Expression
    steps: tuple["Step", ...] = ()
    most: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakStep(_Step):
    """Leave the loop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinueStep(_Step):
    """Go on with the loop's next round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartStep(_Step):
    """Hand over to a flow."""

    flow: str
    arguments: Mapping[str, Setting] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStep(_Step):
    """Push a flow and come back with its end value."""

    flow: str
    arguments: Mapping[str, Setting] = field(default_factory=dict)
    save: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GotoStep(_Step):
    """Go to a step of the flow by its ``id``."""

    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndStep(_Step):
    """End the flow (with a value), the waiting flow too, or the whole stack."""

    value: Setting | None = None
    flow: bool = False  # in a rule: the waiting flow too
    all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EmitStep(_Step):
    """Raise an event."""

    event: str
    data: Mapping[str, Setting] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStep(_Step):
    """Run a user's Python action."""

    action: str
    arguments: Mapping[str, Setting] = field(default_factory=dict)
    save: str = ""
    on_error: tuple["Step", ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RerouteStep(_Step):
    """Handle this text as if the customer had written it."""

    text: Template


@dataclass(frozen=True, slots=True, kw_only=True)
class ClarifyStep(_Step):
    """Ask which of the models' first two intents was meant; what is chosen is done at once.

    ``labels`` are what intents are called in the question; where there are some, others are not
    offered.
    """

    text: Text
    labels: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditLastStep(_Step):
    """Change our last message."""

    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteLastStep(_Step):
    """Delete our last message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentStep(_Step):
    """`optout` or `optin`."""

    given: bool


Step = (
    ReplyStep | ReactStep | AskStep | SetStep | UnsetStep | TagStep | LeadStep | HttpStep
    | HandoffStep | AssignStep
    | NotifyStep | WaitStep | LaterStep | BranchStep | EachStep | RepeatStep
    | BreakStep | ContinueStep | StartStep | CallStep | GotoStep | EndStep | EmitStep | RunStep
    | RerouteStep | ClarifyStep | EditLastStep | DeleteLastStep | ConsentStep
)  # fmt: skip
