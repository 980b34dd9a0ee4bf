"""A reply that is worked out."""

from bot.domain.bodies import Body
from bot.domain.data import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is to be said, worked out."""

    text: str = ""
    body: Body | None = None
    buttons: tuple[str, ...] = ()
    quote: bool = False
    mention: bool = False
    language: str = ""
    is_sensitive: bool = False  # it says something that nobody else is shown

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to send."""
        return not self.text.strip() and self.body is None
