"""What the bot may say, as written."""

from collections.abc import Mapping
from dataclasses import field
from operator import attrgetter

from bot.domain.data import dataclass
from bot.language.places import NOWHERE, Place
from bot.language.templates import Expression, Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One of several wordings; a heavier one is drawn more often."""

    template: Template
    weight: float = 1.0
    ref: str = ""  # the shared reply that this wording is, instead of the template


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFile:
    """A file to send; ``kind`` is "" where the file's name tells it."""

    kind: str = ""
    file: Template | None = None
    url: Template | None = None
    name: Template | None = None
    voice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A reply as written: wordings, languages, a menu, a medium. ``ref`` names a shared reply.

    Exactly one of ``variants``, ``languages``, ``ref`` is the body; media may stand alone.
    """

    variants: tuple[Variant, ...] = ()
    languages: Mapping[str, "Text"] = field(default_factory=dict)
    ref: str = ""
    buttons: tuple[Template, ...] = ()
    media: MediaFile | None = None
    caption: "Text | None" = None
    poll: tuple[Template, tuple[Template, ...], bool] | None = None
    location: Expression | Mapping[str, Template] | None = None  # or {lat, lng, name}
    contact: Mapping[str, Template] | None = None  # {name, number}
    quote: bool = False
    mention: bool = False
    place: Place = NOWHERE

    @property
    def is_fixed(self) -> bool:
        """Tell whether it is one wording, the same for everybody, with nothing beside it."""
        if len(self.variants) != 1 or any(_beside(self)):
            return False
        only = self.variants[0]
        return only.template.is_plain and not only.ref


_beside = attrgetter(
    "languages", "ref", "buttons", "media", "caption", "poll", "location", "contact", "quote",
    "mention",
)  # fmt: skip
"""What a reply may be beside its wordings."""
