"""What the files say of leads: their stages, whose they are, how scores fade, what qualifies."""

from bot.domain.data import dataclass
from bot.domain.leads import NO_DECAY, Decay
from bot.language.conditions import Condition
from bot.language.places import NOWHERE, Place
from bot.language.templates import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who looks after a lead, where all conditions hold: somebody by name, or one of a team."""

    conditions: tuple[Condition, ...] = ()
    team: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualify:
    """What makes a lead worth a person's time, once: all conditions hold.

    Attributes:
        owners: The first that fits takes a lead that nobody has.
        note: For its history.
    """

    conditions: tuple[Condition, ...]
    stage: str = "qualified"
    owners: tuple[Owner, ...] = ()
    note: Template | None = None
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadBook:
    """All that the files say of leads.

    Attributes:
        stages: In their order; none: any word is a stage.
        owners: The first that fits takes a lead that nobody has.
    """

    stages: tuple[str, ...] = ()
    owners: tuple[Owner, ...] = ()
    decay: Decay = NO_DECAY
    qualify: Qualify | None = None

    @property
    def first_stage(self) -> str:
        """Return the stage of a lead of which nobody said another."""
        return self.stages[0] if self.stages else "new"


NO_LEAD_BOOK = LeadBook()
