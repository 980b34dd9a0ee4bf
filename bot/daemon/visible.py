"""What of an account is seen from outside, whether it runs or not."""

from dataclasses import field

from bot.console.desk import Counts
from bot.console.feed import Audience
from bot.daemon.lateness import Lateness
from bot.daemon.link import Link
from bot.domain.data import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Visible:
    """Outlives the account's runs: who follows a login or listens stays where it is."""

    link: Link = field(default_factory=Link)
    counts: Counts = field(default_factory=Counts)
    late: Lateness = field(default_factory=Lateness)
    audience: Audience = field(default_factory=Audience)
