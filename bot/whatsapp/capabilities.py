"""What we can do on WhatsApp, and what of wa-js and of the page each of these things needs.

``python -m bot.whatsapp.capabilities FILE`` writes the table into a page of the docs.
"""

import re
import sys
from pathlib import Path

from bot.domain.data import dataclass

BODIES = "tests/system/test_bodies.py"
CHATS = "tests/system/test_chats.py"
GROUPS = "tests/system/test_groups.py"
LABELS = "tests/system/test_labels.py"
EMULATOR = "tests/system/test_emulator.py"
MEDIA = "tests/system/test_media.py"
PEOPLE = "tests/system/test_people.py"
LOST = "tests/system/test_lost_modules.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """One thing that we do on WhatsApp.

    Attributes:
        serves: The command, key of a rule or part of the daemon that lives on it.
        methods: Of `Driver`; empty where the page does it by itself.
        calls: Functions of wa-js, below ``WPP``.
        events: Of wa-js.
        needs: What those find in WhatsApp's page, below ``WPP.whatsapp``.
        proof: The test that shows it on the emulator, ``file::test``.
        essential: Without it no text is heard or answered.
    """

    name: str
    serves: str
    methods: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    proof: str
    essential: bool = False

    @property
    def paths(self) -> tuple[str, ...]:
        """Return everything that must be there, below ``WPP``."""
        return (*self.calls, *(f"whatsapp.{one}" for one in self.needs))


CAPABILITIES = (
    Capability(
        name="session", serves="`alexia run`, `status`", methods=("state",),
        calls=("conn.getMyUserId", "conn.isAuthenticated", "conn.isOnline"),
        needs=("Stream", "UserPrefs"),
        proof=f"{EMULATOR}::test_logout_reload_and_other_changes_of_the_session", essential=True,
    ),
    Capability(
        name="login", serves="`alexia login`", methods=("state", "refresh"),
        calls=("conn.getAuthCode", "conn.refreshQR"), needs=("Conn", "Cmd"),
        proof=f"{EMULATOR}::test_a_code_is_shown_and_scanned_and_the_login_outlives_the_browser",
    ),
    Capability(
        name="login by a typed code", serves="`alexia login --phone`", methods=("link_code",),
        calls=("conn.startLinkDeviceCodeForPhoneNumber",),
        needs=("functions.genLinkDeviceCodeForPhoneNumber", "functions.initializeAltDeviceLinking"),
        proof="tests/system/test_sessions.py::test_a_number_is_linked_by_a_code_that_is_typed",
    ),
    Capability(
        name="logout", serves="`alexia logout`", methods=("logout",), calls=("conn.logout",),
        needs=("Socket",), proof=f"{LOST}::test_every_function_of_the_list_finds_what_it_needs",
    ),
    Capability(
        name="incoming messages", serves="every trigger", events=("chat.new_message",),
        needs=("MsgStore",), essential=True,
        proof=f"{EMULATOR}::test_arrivals_are_raised_once_and_ciphertexts_twice",
    ),
    Capability(
        name="text", serves="`reply`, `alexia send`", methods=("send_text",),
        calls=("chat.find", "chat.generateMessageID", "chat.sendTextMessage"),
        needs=(
            "ChatStore", "MsgKey", "WidFactory", "functions.addAndSendMsgToChat",
            "functions.findOrCreateLatestChat",
        ),
        proof=f"{EMULATOR}::test_a_send_keeps_its_reserved_id_and_is_acknowledged_step_by_step",
        essential=True,
    ),
    Capability(
        name="receipts", serves="statuses of sent messages", events=("chat.msg_ack_change",),
        needs=("functions.handleChatSimpleReceipt",),
        proof=f"{EMULATOR}::test_a_send_keeps_its_reserved_id_and_is_acknowledged_step_by_step",
    ),
    Capability(
        name="reasons of refusals", serves="telling a restricted account from a failed send",
        calls=("loader.search",),
        proof="tests/system/test_restriction.py::"
        "test_a_refusal_of_another_kind_is_tried_again_and_a_warning_is_told",
    ),
    Capability(
        name="history", serves="catching up after a gap, looking up cut-off sends",
        methods=("since", "find"),
        calls=("chat.list", "chat.getMessageById", "chat.getMessages"),
        needs=("functions.msgFindByDirection",),
        proof=f"{EMULATOR}::test_what_came_while_no_page_was_open_is_raised_as_new",
    ),
    Capability(
        name="hidden numbers", serves="one person with several addresses",
        needs=("lidPnCache",),
        proof=f"{EMULATOR}::test_people_have_two_addresses_and_lid_chats_use_the_hidden_one",
    ),
    Capability(
        name="number check", serves="`alexia send`, before a first message",
        methods=("find_number",), calls=("contact.queryWidExists",),
        needs=("functions.queryWidExists",),
        proof=f"{LOST}::test_a_number_that_is_not_on_whatsapp_is_told_before_anything_is_sent",
    ),
    Capability(
        name="names of people", serves="`alexia contacts`, `GET /api/contacts`",
        calls=("contact.list",), needs=("ContactStore",),
        proof=f"{PEOPLE}::test_names_about_and_picture_of_who_wrote_are_kept",
    ),
    Capability(
        name="about texts and pictures", serves="`alexia contacts show`, `GET /api/contacts/about`",
        calls=("contact.getProfilePictureUrl", "contact.getStatus"),
        needs=("ProfilePicThumbStore", "StatusStore"),
        proof=f"{PEOPLE}::test_names_about_and_picture_of_who_wrote_are_kept",
    ),
    Capability(
        name="block list", serves="`alexia contacts block`, `POST /api/contacts/block`",
        calls=("blocklist.all", "blocklist.blockContact", "blocklist.unblockContact"),
        events=("blocklist.sync",),
        needs=("BlocklistStore", "functions.blockContact", "functions.unblockContact"),
        proof=f"{PEOPLE}::test_who_is_blocked_is_not_written_to_by_the_bot",
    ),
    Capability(
        name="sent files", serves="`reply: {media: …}`, `alexia send --file`",
        methods=("send_body",), calls=("chat.sendFileMessage",),
        needs=("OpaqueData", "MediaPrep"),
        proof=f"{BODIES}::test_a_file_reaches_the_phone_byte_for_byte",
    ),
    Capability(
        name="received files", serves="`alexia media`, trigger `media`",
        methods=("read_medium",), calls=("chat.downloadMedia",), needs=("LruMediaStore",),
        proof=f"{MEDIA}::test_a_file_that_arrives_is_stored_byte_for_byte",
    ),
    Capability(
        name="polls", serves="`reply: {poll: …}`", methods=("send_body",),
        calls=("chat.sendCreatePollMessage",),
        proof=f"{BODIES}::test_polls_and_places_reach_the_phone",
    ),
    Capability(
        name="votes", serves="trigger `media: poll`", events=("chat.poll_response",),
        needs=("functions.upsertVotes",),
        proof=f"{BODIES}::test_a_reaction_to_ours_and_a_vote_are_heard",
    ),
    Capability(
        name="places", serves="`reply: {location: …}`", methods=("send_body",),
        calls=("chat.sendLocationMessage",),
        proof=f"{BODIES}::test_polls_and_places_reach_the_phone",
    ),
    Capability(
        name="contact cards", serves="`reply: {contact: …}`", methods=("send_body",),
        calls=("chat.sendVCardContactMessage",), needs=("VCard", "ContactStore"),
        proof=f"{LOST}::test_every_function_of_the_list_finds_what_it_needs",
    ),
    Capability(
        name="reactions", serves="`react`", methods=("amend",),
        calls=("chat.sendReactionToMessage",), needs=("functions.sendReactionToMsg",),
        proof=f"{BODIES}::test_a_reaction_stands_on_the_message_and_an_edit_changes_our_last",
    ),
    Capability(
        name="incoming reactions", serves="trigger `reaction`", events=("chat.new_reaction",),
        needs=("functions.createOrUpdateReactions",),
        proof=f"{BODIES}::test_a_reaction_to_ours_and_a_vote_are_heard",
    ),
    Capability(
        name="incoming edits and revokes", serves="events `message.edited`, `message.revoked`",
        events=("chat.msg_edited", "chat.msg_revoke"),
        proof="tests/system/test_changes.py::test_an_edit_is_kept_and_heard_and_answers_nothing",
    ),
    Capability(
        name="edits", serves="`edit`", methods=("amend",), calls=("chat.editMessage",),
        needs=("functions.addAndSendMessageEdit", "functions.canEditMsg"),
        proof=f"{BODIES}::test_a_reaction_stands_on_the_message_and_an_edit_changes_our_last",
    ),
    Capability(
        name="revokes", serves="`delete`", methods=("amend",), calls=("chat.deleteMessage",),
        needs=("Cmd",), proof=f"{LOST}::test_every_function_of_the_list_finds_what_it_needs",
    ),
    Capability(
        name="groups", serves="`alexia groups`",
        calls=(
            "group.addParticipants", "group.create", "group.demoteParticipants",
            "group.ensureGroup", "group.getInviteCode", "group.join", "group.leave",
            "group.promoteParticipants", "group.removeParticipants", "group.revokeInviteCode",
            "group.setDescription", "group.setSubject", "chat.list", "contact.queryWidExists",
        ),
        needs=("GroupMetadataStore",),
        proof=f"{GROUPS}::test_a_group_is_made_changed_and_left_from_the_command_line",
    ),
    Capability(
        name="group events", serves="triggers `group.joined`, `group.left`, …",
        events=("group.participant_changed",), needs=("functions.updateDBForGroupAction",),
        proof=f"{GROUPS}::test_joining_leaving_and_promotion_are_events_that_rules_hear",
    ),
    Capability(
        name="mentions", serves="`mention`, `mentioned`", calls=("conn.getMyUserLid",),
        proof=f"{GROUPS}::test_a_mention_of_the_hidden_address_counts_and_ours_uses_it",
    ),
    Capability(
        name="kept chats", serves="`alexia chats`",
        calls=(
            "chat.archive", "chat.unarchive", "chat.pin", "chat.unpin", "chat.mute", "chat.unmute",
            "chat.markIsUnread",
        ),
        proof=f"{CHATS}::test_chats_are_archived_pinned_muted_and_marked",
    ),
    Capability(
        name="forwarding", serves="`alexia messages forward`", calls=("chat.forwardMessages",),
        proof=f"{CHATS}::test_a_message_is_forwarded_as_ours_and_taken_back",
    ),
    Capability(
        name="labels", serves="tags, on a Business account",
        calls=(
            "labels.addNewLabel", "labels.addOrRemoveLabels", "labels.deleteLabel",
            "labels.editLabel", "labels.getAllLabels", "profile.isBusiness",
        ),
        events=("chat.update_label",), needs=("LabelStore",),
        proof=f"{LABELS}::test_a_tag_becomes_a_label_and_goes_with_it",
    ),
    Capability(
        name="presence", serves="`alexia contacts show`", methods=("follow_presence",),
        calls=("contact.subscribePresence",), events=("chat.presence_change",),
        proof=f"{LABELS}::test_who_is_online_is_kept",
    ),
    Capability(
        name="being online", serves="`POST /api/NAME/presence`", methods=("show_online",),
        calls=("conn.markAvailable", "conn.markUnavailable"),
        proof=f"{LABELS}::test_we_are_shown_online_and_offline",
    ),
    Capability(
        name="recording", serves="pacing of voice notes", methods=("show_recording",),
        calls=("chat.markIsRecording",), needs=("ChatPresence",),
        proof=f"{LABELS}::test_recording_is_shown_before_a_voice_note",
    ),
    Capability(
        name="typing", serves="pacing", methods=("show_typing",),
        calls=("chat.markIsComposing", "chat.markIsPaused"), needs=("ChatPresence",),
        proof=f"{EMULATOR}::test_reading_and_typing_reach_the_other_side",
    ),
    Capability(
        name="read ticks", serves="pacing", methods=("mark_read",), calls=("chat.markIsRead",),
        needs=("functions.sendSeen",),
        proof=f"{EMULATOR}::test_reading_and_typing_reach_the_other_side",
    ),
)  # fmt: skip

FUNCS = tuple(sorted({call for one in CAPABILITIES for call in one.calls}))
"""Every function of wa-js that we call."""

EVENTS = tuple(sorted({event for one in CAPABILITIES for event in one.events}))
"""Every event of wa-js that we listen to."""

NEEDS = tuple(sorted({need for one in CAPABILITIES for need in one.needs}))
"""Everything that these find in WhatsApp's page."""

WELCOME = ("SYSTEM_MESSAGE_TYPES", "functions.unixTime")
"""Looked at where it is there; without it, notices of a kind that is new are taken for messages,
or a computer's clock that is wrong makes messages look old."""


def table() -> str:
    """Return the capabilities as a table in Markdown."""
    rows = [
        "| capability | wa-js | found in the page | driver | serves | shown by |",
        "|---|---|---|---|---|---|",
    ]
    for one in CAPABILITIES:
        calls = (*one.calls, *(f"on {event}" for event in one.events))
        name = f"**{one.name}**" if one.essential else one.name
        file, _, test = one.proof.partition("::")
        cells = (
            name, _code(calls), _code(one.needs), _code(one.methods), one.serves,
            f"`{test}` in `{file}`",
        )  # fmt: skip
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _code(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "–"


def write_table(page: Path) -> None:
    """Put the table into a page, in the place of the one there."""
    told = page.read_text(encoding="utf-8")
    fresh = re.sub(r"\| capability \|.*?(?=\n\n|\Z)", lambda _: table(), told, flags=re.DOTALL)
    page.write_text(fresh.rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_table(Path(sys.argv[1]))
