"""What may fail outside of us: one tree, facts as fields, the next step in the sentence."""

from dataclasses import dataclass


class BotError(Exception):
    """Base of every error that Alexia raises on purpose."""


@dataclass(eq=False)
class FileRefused(BotError):
    """A file cannot be used as it is, and was left untouched."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


@dataclass(eq=False)
class WhatsAppRefused(BotError):
    """WhatsApp does not do what was asked; ``code`` says why."""

    code: str
    detail: str = ""

    def __str__(self) -> str:
        return f"WhatsApp refused it ({self.code}) {self.detail}".rstrip()


class SendFailed(WhatsAppRefused):
    """WhatsApp refused a message; it was surely not sent."""

    def __str__(self) -> str:
        return f"WhatsApp refused the message ({self.code}) {self.detail}".rstrip()


@dataclass(eq=False)
class SendUncertain(BotError):
    """Nobody can tell whether the message left; recovery must look it up before another try."""

    reason: str

    def __str__(self) -> str:
        return f"the send was cut off ({self.reason}); the page's store will tell what became of it"


@dataclass(eq=False)
class TransportDown(BotError):
    """There is no page that could do what was asked; nothing was tried."""

    reason: str

    def __str__(self) -> str:
        return f"WhatsApp Web is not ready ({self.reason}); it is tried again when it is"


@dataclass(eq=False)
class NotLoaded(TransportDown):
    """The page has not loaded what this needs; nothing was tried."""


@dataclass(eq=False)
class MediumLost(BotError):
    """The file of a message cannot be had; ``for_good``: another try is in vain."""

    reason: str
    for_good: bool = False

    def __str__(self) -> str:
        return f"the file is not to be had ({self.reason})"


@dataclass(eq=False)
class UnknownSession(BotError):
    """No account has this name; "" when none was named and there are several."""

    name: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        names = ", ".join(self.known)
        if not self.name:
            return f"there are several sessions; name one with --session: {names}"
        return f"there is no session {self.name[:40]!r}; known: {names}"


@dataclass(eq=False)
class SessionDown(BotError):
    """The account does not run, so that nothing can be asked of it."""

    name: str
    state: str
    detail: str = ""

    def __str__(self) -> str:
        told = f" ({self.detail})" if self.detail else ""
        remedy = f"; `alexia sessions start {self.name}`" if self.state == "stopped" else ""
        return f"the session {self.name!r} is {self.state}{told}{remedy}"


@dataclass(eq=False)
class RenameRefused(BotError):
    """An account cannot have the name. Nothing was changed, unless it was cut off in the midst."""

    name: str
    reason: str
    cut_off: bool = False

    def __str__(self) -> str:
        return f"the session {self.name!r} keeps its name: {self.reason}"


@dataclass(eq=False)
class AddRefused(BotError):
    """There cannot be an account of that name. Nothing was changed."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"no session {self.name!r} was made: {self.reason}"


@dataclass(eq=False)
class RemoveRefused(BotError):
    """An account cannot be taken away. Nothing was changed."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"the session {self.name!r} stays: {self.reason}"


@dataclass(eq=False)
class BrowserMissing(BotError):
    """No browser was found that could be driven."""

    tried: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"no Chromium was found (looked for {', '.join(self.tried)}); run `alexia setup`, "
            "or on Debian: apt-get install chromium"
        )


@dataclass(eq=False)
class PrintFailed(BotError):
    """The browser did not put a page onto paper."""

    reason: str

    def __str__(self) -> str:
        return (
            f"the browser did not print the page ({self.reason}); try again, or write it as html "
            "and print it from your own browser"
        )


class BundleRefused(FileRefused):
    """The wa-js file is missing or is not the one that was pinned."""

    def __str__(self) -> str:
        return (
            f"wa-js at {self.path} is refused: {self.reason}; run `alexia setup` to fetch it again"
        )


class PageRefused(FileRefused):
    """The saved page of WhatsApp Web is missing or is not the one that was pinned."""

    def __str__(self) -> str:
        return (
            f"the saved page {self.path} is refused: {self.reason}; save it again, "
            "or take whatsapp.page out of config.yaml"
        )


@dataclass(eq=False)
class WeightsMissing(BotError):
    """A model's weights are absent or are not those that were pinned."""

    name: str
    reason: str
    remedy: str = "run `alexia setup` to fetch them"

    def __str__(self) -> str:
        return f"model weights {self.name!r}: {self.reason}; {self.remedy}"


@dataclass(eq=False)
class ConfigBroken(BotError):
    """config.yaml cannot be used; ``problems`` are printable lines with their places."""

    problems: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self.problems)


@dataclass(eq=False)
class DataFolderHeld(BotError):
    """Another daemon works on this data folder."""

    folder: str
    pid: int | None

    def __str__(self) -> str:
        holder = f"process {self.pid}" if self.pid else "another process"
        return f"{holder} already runs on {self.folder}; stop it with `alexia stop`"


@dataclass(eq=False)
class NoDaemon(BotError):
    """Nobody listens on the control socket."""

    folder: str

    def __str__(self) -> str:
        return f"no daemon runs on {self.folder}; start it with `alexia run`"


@dataclass(eq=False)
class DaemonSilent(BotError):
    """The daemon took a request and did not answer in time; it may still do what was asked."""

    folder: str
    seconds: float

    def __str__(self) -> str:
        return (
            f"the daemon on {self.folder} did not answer within {self.seconds:.0f} s, and may still"
            " do what was asked; `alexia status` says what holds it up, before you ask again"
        )


class DatabaseRefused(FileRefused):
    """The database cannot be used as it is, and was left untouched."""


class BackupRefused(FileRefused):
    """A file is no backup that can be put back, or none can be written there."""


@dataclass(eq=False)
class KeyRefused(BotError):
    """The key that opens the sensitive values of a database is missing, or is another one."""

    where: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"


@dataclass(eq=False)
class SealBroken(BotError):
    """A sensitive value does not open: it was changed, or moved from where it belongs."""

    place: str

    def __str__(self) -> str:
        place = self.place.partition("|")[0]
        return (
            f"a sensitive value of {place} was changed or moved since it was stored;"
            " `alexia restore FILE --replace` puts a backup back"
        )


@dataclass(eq=False)
class PortInUse(BotError):
    """Somebody else listens where we should."""

    port: int
    remedy: str = "choose another with --port"

    def __str__(self) -> str:
        return f"port {self.port} is in use; {self.remedy}"


GROUP_REFUSALS = {
    "group_you_are_not_admin": "the account is no admin there; an admin must make it one",
    "chat_not_found": "there is no such group here; `alexia groups list` names those there are",
    "group_not_found": "there is no such group here; `alexia groups list` names those there are",
    "not_a_group": "that chat is no group",
    "not_a_member": "the account is not in that group",
    "group_participant_not_found": "not all of them are in the group",
    "not_valid_group_participants": "none of them is in the group",
    "group_participant_is_already_a_group_admin": "not all can be promoted: some are admins",
    "group_participant_is_already_not_a_group_admin": "not all can be demoted: some are no admins",
    "group_participant_is_not_a_group_member": "not all of them can be removed",
    "you_are_not_allowed_set_group_subject": "only admins change the subject there",
    "you_are_not_allowed_set_group_description": "only admins change the description there",
    "participant_not_exists": "not all of these numbers are on WhatsApp",
    "not_on_whatsapp": "none of these numbers is on WhatsApp",
    "join_awaits_approval": "an admin of the group must let the account in first",
    "invalid_invite_code": "that invite link is not valid any more",
}
"""What wa-js' codes mean to whoever asked for the change."""


class GroupRefused(WhatsAppRefused):
    """WhatsApp does not do that to a group; ``code`` says why."""

    def __str__(self) -> str:
        known = GROUP_REFUSALS.get(self.code)
        if known is not None:
            return f"{known} ({self.detail})" if self.detail else known
        return super().__str__()


class ChatRefused(WhatsAppRefused):
    """WhatsApp does not do that to a chat; ``code`` says why."""

    def __str__(self) -> str:
        match self.code:
            case "chat_not_found":
                return "there is no such chat; `alexia chats list` names those there are"
            case "msg_not_found":
                return "WhatsApp has that message no more"
            case "is_not_business":
                return "labels need a WhatsApp Business account, and this is none"
            case _:
                return super().__str__()


@dataclass(eq=False)
class NumberUnchecked(BotError):
    """Whether a number is on WhatsApp could not be told."""

    reason: str
    is_number: bool = True  # False: what was asked for is no phone number

    def __str__(self) -> str:
        return self.reason


class ContactRefused(WhatsAppRefused):
    """WhatsApp does not do that to a person; ``code`` says why."""

    def __str__(self) -> str:
        if self.code == "presence_is_off":
            return "who is online is not kept; write  whatsapp: {presence: true}  into config.yaml"
        return super().__str__()


@dataclass(eq=False)
class CampaignRefused(BotError):
    """A campaign cannot do what was asked of it; nothing was sent."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"the campaign {self.name[:40]!r}: {self.reason}"


@dataclass(eq=False)
class ReportRefused(BotError):
    """There is no such report. ``option``: what of the request is wrong, "" for the whole."""

    option: str
    reason: str

    def __str__(self) -> str:
        return f"{self.option}: {self.reason}" if self.option else self.reason
