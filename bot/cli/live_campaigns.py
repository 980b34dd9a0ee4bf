"""Turns in campaigns of a running bot, for `alexia test --e2e`."""

from datetime import timedelta

from bot.cli.live_left import CannotPlay
from bot.cli.live_stage import LiveStage, moment
from bot.domain.messages import ChatId
from bot.language.rulebook import Rulebook
from bot.store.opening import open_connection
from bot.store.reading import is_settled, reading
from bot.testing.campaign_turn import NoSuchTurn, came_to, meant_by, plan_turn, why_held
from bot.testing.lines import CampaignLine, Plain
from bot.testing.player import Failed
from bot.testing.room import ACCOUNT

TURN_WITHIN = 30.0  # seconds
SOON = timedelta(seconds=10)  # so long a message may be held


class LiveCampaigns:
    """Lets turns come, and knows what the last one came to."""

    def __init__(self, stage: LiveStage, rulebook: Rulebook, chat: ChatId) -> None:
        self._stage = stage
        self._rulebook = rulebook
        self._chat = chat
        self._run: int | None = None
        self._held = ""  # why what the last turn said waits

    def come(self, line: CampaignLine) -> None:
        """Let the turn of a line come, and wait until it is over. Raises CannotPlay, Failed."""
        try:
            campaign, variant = meant_by(line, self._rulebook)
        except NoSuchTurn as wrong:
            raise Failed(line.place, str(wrong)) from wrong
        db = open_connection(str(self._stage.database))
        try:
            db.execute("BEGIN IMMEDIATE")
            run, _ = plan_turn(db, ACCOUNT, self._chat, campaign, variant, moment())
            db.execute("COMMIT")
        finally:
            db.close()
        self._run, self._held = run.id, ""
        if not self._stage.wait_until(self._is_over, TURN_WITHIN):
            self._held = "the file was edited, or the turn takes too long"
        if self._held:
            raise CannotPlay(f"campaign {campaign.name!r} sends nothing now: {self._held}")

    def _is_over(self) -> bool:
        assert self._run is not None
        with reading(self._stage.database) as db:
            self._held = why_held(db, self._chat, moment() + SOON)
            return bool(self._held or (came_to(db, self._run) and is_settled(db, self._chat)))

    def forget(self) -> None:
        """Begin another turn, which is of no campaign."""
        self._run = None

    def mismatch(self, wanted: Plain) -> str | None:
        """Return what the last turn came to, None when that is what is wanted."""
        if self._run is None:
            found = "none"
        else:
            with reading(self._stage.database) as db:
                found = came_to(db, self._run)
        return None if found == wanted else found
