"""A Chatwoot in memory: one account with API inboxes, and the webhooks that it would send."""

import hashlib
import hmac
import json

from tests.crm.contract import Stub

BASE = "https://chat.example"
SECRET = "hook"


class ChatwootStub(Stub):
    def __init__(self):
        super().__init__("chatwoot.yaml", BASE)
        self.contacts = {}
        self.conversations = {}
        self.messages = {}
        self.keeps_source_ids = True

    def add_contact(self, **known):
        key = len(self.contacts) + 1
        self.contacts[key] = {"id": key, "contact_inboxes": [], **known}
        return self.contacts[key]

    def texts(self, number=1):
        return [
            (one["message_type"], one["content"])
            for one in self.messages.values()
            if one["conversation"] == number
        ]

    def do(self, method, path, query, body):
        match path.split("/")[5:]:
            case ["inboxes", number]:
                kind = "Channel::Api" if number == "3" else "Channel::Email"
                return 200, {"id": int(number), "channel_type": kind}
            case ["contacts", "search"]:
                found = [
                    one for one in self.contacts.values()
                    if any(query["q"] in str(one.get(name) or "")
                           for name in ("phone_number", "identifier", "name"))
                ]  # fmt: skip
                return 200, {"payload": found}
            case ["contacts"]:
                return self._new_contact(body)
            case ["contacts", key, "contact_inboxes"]:
                return 200, self._lead_in(int(key), body["inbox_id"], body["source_id"])
            case ["contacts", key, "conversations"]:
                mine = [o for o in self.conversations.values() if o["contact_id"] == int(key)]
                return 200, {"payload": mine}
            case ["conversations"]:
                key = len(self.conversations) + 1
                self.conversations[key] = {"id": key, "labels": [], "status": "open", **body}
                return 200, self.conversations[key]
            case ["conversations", key, what]:
                return self._in(int(key), what, method, body)

    def _in(self, key, what, method, body):
        talk = self.conversations[key]
        if what == "messages" and method == "GET":
            mine = [o for o in self.messages.values() if o["conversation"] == key]
            return 200, {"payload": mine[-20:]}
        if what == "messages":
            return 200, self.say(key, **body)
        if what == "labels":
            if method == "POST":
                talk["labels"] = body["labels"]
            return 200, {"payload": talk["labels"]}
        if what == "toggle_status":
            talk["status"] = body["status"]
            return 200, {}
        talk["team_id"] = body["team_id"]
        return 200, {}

    def say(self, key, **body):
        number = len(self.messages) + 1
        if not self.keeps_source_ids:
            body.pop("source_id", None)
        self.messages[number] = {"id": number, "conversation": key, **body}
        talk = self.conversations[key]
        if body["message_type"] == "incoming" and talk["status"] == "resolved":
            talk["status"] = "open"
        return self.messages[number]

    def _new_contact(self, body):
        for name in ("identifier", "phone_number"):
            if any(
                body.get(name) and one.get(name) == body[name] for one in self.contacts.values()
            ):
                return 422, {"message": f"{name} has already been taken"}
        known = {k: v for k, v in body.items() if k != "inbox_id"}
        contact = self.add_contact(**known)
        led = self._lead_in(contact["id"], body["inbox_id"], f"uuid-{contact['id']}")
        return 200, {"payload": {"contact": contact, "contact_inbox": led}}

    def _lead_in(self, key, inbox, source):
        led = {"source_id": source, "inbox": {"id": inbox}}
        held = self.contacts[key]["contact_inboxes"]
        if led not in held:
            held.append(led)
        return led


def written(text="Hi Ana", *, id=900, conversation=1, inbox=3, phone=None, **more):
    """Return the webhook of what an agent wrote."""
    return {
        "event": "message_created", "id": id, "content": text, "message_type": "outgoing",
        "private": False, "source_id": None, "content_attributes": {},
        "sender": {"id": 5, "type": "user"}, "inbox": {"id": inbox, "name": "WhatsApp"},
        "conversation": {"id": conversation, "inbox_id": inbox, "status": "open",
                         "meta": {"sender": {"phone_number": phone}}},
        **more,
    }  # fmt: skip


def moved(status, *, conversation=1, inbox=3):
    """Return the webhook of a conversation whose status changed."""
    return {
        "event": "conversation_status_changed", "id": conversation, "inbox_id": inbox,
        "status": status,
    }  # fmt: skip


def sign(told, at, secret=SECRET):
    """Return the bytes and headers in which Chatwoot would send something."""
    body = json.dumps(told).encode()
    at = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    return body, {
        "X-Chatwoot-Signature": f"sha256={digest}", "X-Chatwoot-Timestamp": at,
        "X-Chatwoot-Delivery": "d-1", "Content-Type": "application/json",
    }  # fmt: skip
