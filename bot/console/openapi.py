"""The OpenAPI description of the API."""

from typing import Any

from bot import __version__

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
CHAT: Json = {**TEXT, "description": "5511900000000@c.us, …@lid, …@g.us, or a number"}
SESSION: Json = {**TEXT, "default": "default"}
PAGE = ("limit", "offset")
ERROR: Json = {
    "type": "object",
    "properties": {"statusCode": {"type": "integer"}, "error": TEXT},
    "required": ["statusCode", "error"],
}
ONCE: Json = {
    "name": "Idempotency-Key", "in": "header", "schema": {**TEXT, "maxLength": 255},
    "description": "A repeated request under the same key is done once.",
}  # fmt: skip


def description() -> Json:
    """Return the whole description."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Alexia bot", "version": __version__},
        "security": [{"key": []}],
        "paths": {
            "/health": {
                "get": {
                    **_does("How the bot is", "200", "503"),
                    "security": [],
                    "parameters": _in_query("session"),
                },
            },
            "/metrics": {"get": _does("Figures for Prometheus")},
            **_waha(),
            **_groups(),
            **_chats(),
            **_consents(),
            **_people(),
            **_labels(),
            **_own(),
        },
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}},
            "schemas": {"Error": ERROR},
        },
    }


def _waha() -> Json:
    chat = _body({"chatId": CHAT, "session": SESSION}, "chatId")
    text = _body(
        {"chatId": CHAT, "text": TEXT, "reply_to": TEXT, "session": SESSION}, "chatId", "text"
    )
    react = _body({"messageId": TEXT, "reaction": TEXT, "session": SESSION}, "messageId")
    posts = {
        "startTyping": "Show typing…", "stopTyping": "Show it no more", "sendSeen": "Blue ticks"
    }  # fmt: skip
    media = {
        "sendImage": "Send an image", "sendFile": "Send a document",
        "sendVoice": "Send a voice note", "sendVideo": "Send a video",
    }  # fmt: skip
    in_session = {"parameters": [_in_path("session")]}
    return {
        "/api/sendText": {"post": {**_does("Send a text", "201", "409"), **text,
                                   "parameters": [ONCE]}},
        **{f"/api/{name}": {"post": {**_does(does, "201"), **chat}}
           for name, does in posts.items()},
        **{f"/api/{name}": {"post": {**_does(does, "201", "409"), **_file(),
                                     "parameters": [ONCE]}}
           for name, does in media.items()},
        "/api/reaction": {"put": {**_does("React to a message"), **react}},
        **_sessions(in_session),
        "/api/contacts": {"get": {**_does("The people, or one of them", "200", "404"),
                                  "parameters": _in_query("contactId", *PAGE)}},
        "/api/{session}/auth/qr": {
            "get": {**_does("The login code", "200", "422"), "parameters": _in_query("format")},
            **in_session,
        },
        "/api/{session}/lids": {
            "get": {**_does("Hidden addresses"), "parameters": _in_query(*PAGE)}, **in_session
        },
        "/api/{session}/chats/overview": {
            "get": {**_does("The chats"), "parameters": _in_query(*PAGE)}, **in_session
        },
        "/api/{session}/chats/{chat}/messages": {
            "get": {**_does("A chat's messages"), "parameters": _in_query(*PAGE)},
            "parameters": [_in_path("session"), _in_path("chat")],
        },
    }  # fmt: skip


def _sessions(in_session: Json) -> Json:
    one, posts = "/api/sessions/{session}", ("start", "stop", "restart", "logout")
    return {
        "/api/sessions": {
            "get": {**_does("The sessions"), "parameters": _in_query("all")},
            "post": {**_does("Make a session", "201", "422"),
                     **_body({"name": TEXT, "start": {"type": "boolean"}}, "name")},
        },
        one: {
            "get": _does("One session"),
            "delete": _does("End a session; its data stay", "204", "422"), **in_session,
        },
        f"{one}/me": {"get": _does("The account that is logged in"), **in_session},
        **{f"{one}/{name}": {"post": _does(f"{name.capitalize()} a session", "201"), **in_session}
           for name in posts},
        "/api/{session}/auth/request-code": {
            "post": {**_does("A code to be typed on the phone", "201"),
                     **_body({"phoneNumber": TEXT}, "phoneNumber")},
            **in_session,
        },
        "/api/v1/sessions/{session}/rename": {
            "post": {**_does("Give a session another name", "200", "422"),
                     **_body({"name": TEXT}, "name")},
            **in_session,
        },
    }  # fmt: skip


def _chats() -> Json:
    chat = "/api/{session}/chats/{chat}"
    in_chat = {"parameters": [_in_path("session"), _in_path("chat")]}
    in_message = {"parameters": [*in_chat["parameters"], _in_path("message")]}
    keeps = {
        "archive": "Put into the archive", "unarchive": "Take out of the archive",
        "unread": "Mark as unread", "messages/read": "Mark as read", "pin": "Pin",
        "unpin": "Let go of the pin", "unmute": "Mute no longer",
    }  # fmt: skip
    whole: Json = {"type": "integer"}
    return {
        "/api/{session}/chats": {
            "get": _does("The chats as the phone keeps them"), "parameters": [_in_path("session")]
        },
        **{f"{chat}/{path}": {"post": _does(does, "201"), **in_chat}
           for path, does in keeps.items()},
        f"{chat}/mute": {"post": {**_does("Mute", "201"), **_body({"seconds": whole})}, **in_chat},
        f"{chat}/history": {
            "post": {**_does("Store older messages", "201"), **_body({"more": whole})}, **in_chat
        },
        f"{chat}/messages/{{message}}": {
            "put": {**_does("Change a text of ours"), **_body({"text": TEXT}, "text")},
            "delete": _does("Take a message of ours back"), **in_message,
        },
        "/api/forwardMessage": {
            "post": {
                **_does("Forward a message", "201"),
                **_body({"chatId": CHAT, "messageId": TEXT, "session": SESSION},
                        "chatId", "messageId"),
            }
        },
    }  # fmt: skip


def _groups() -> Json:
    at = "/api/{session}/groups"
    group = f"{at}/{{group}}"
    in_session = {"parameters": [_in_path("session")]}
    in_group = {"parameters": [_in_path("session"), _in_path("group")]}
    people: Json = {"type": "array", "items": {"type": "object", "properties": {"id": TEXT}}}
    changes = {
        "participants/add": "Add people", "participants/remove": "Take people out",
        "admin/promote": "Make people admins", "admin/demote": "Make admins plain members",
    }  # fmt: skip
    return {
        at: {
            "get": {**_does("The groups"), "parameters": _in_query(*PAGE)},
            "post": {**_does("Make a group", "201"),
                     **_body({"name": TEXT, "participants": people}, "name", "participants")},
            **in_session,
        },
        f"{at}/count": {"get": _does("How many groups there are"), **in_session},
        f"{at}/join": {
            "post": {**_does("Enter a group", "201"), **_body({"code": TEXT}, "code")},
            **in_session,
        },
        group: {"get": _does("One group", "200", "404"), **in_group},
        f"{group}/participants": {"get": _does("Who is in a group", "200", "404"), **in_group},
        f"{group}/subject": {
            "put": {**_does("Another subject"), **_body({"subject": TEXT}, "subject")}, **in_group
        },
        f"{group}/description": {
            "put": {**_does("Another description"), **_body({"description": TEXT}, "description")},
            **in_group,
        },
        f"{group}/invite-code": {"get": _does("The code of the invite link"), **in_group},
        f"{group}/invite-code/revoke": {"post": _does("A new invite link", "201"), **in_group},
        f"{group}/leave": {"post": _does("Leave a group", "201"), **in_group},
        **{f"{group}/{path}": {"post": {**_does(does),
                                        **_body({"participants": people}, "participants")},
                               **in_group}
           for path, does in changes.items()},
    }  # fmt: skip


def _consents() -> Json:
    entry = {
        "state": {**TEXT, "enum": ["granted", "withdrawn"]},
        "source": TEXT, "wording": TEXT, "proof": TEXT, "when": {**TEXT, "format": "date-time"},
    }  # fmt: skip
    return {
        "/api/v1/contacts/{contact}/consent": {
            "get": _does("What a person granted and withdrew", "200", "404"),
            "post": {**_does("Write into the ledger of consent", "201", "404"),
                     **_body(entry, "state")},
            "parameters": [_in_path("contact"), *_in_query("session")],
        },
        "/api/v1/contacts/{contact}": {
            "get": _does("One person", "200", "404"),
            "patch": {
                **_does("Change fields, all of them or none", "200", "404", "422"),
                **_body({"name": TEXT, "language": TEXT, "timezone": TEXT,
                         "fields": {"type": "object"}}),
            },
            "parameters": [_in_path("contact"), *_in_query("session")],
        },
    }  # fmt: skip


def _labels() -> Json:
    at, seen = "/api/{session}/labels", "/api/{session}/presence"
    in_session = {"parameters": [_in_path("session")]}
    in_chat = {"parameters": [_in_path("session"), _in_path("chat")]}
    listed: Json = {"type": "array", "items": {"type": "object", "properties": {"id": TEXT}}}
    shown = {**TEXT, "enum": ["online", "offline", "typing", "recording", "paused"]}
    return {
        at: {
            "get": _does("The labels of a Business account"),
            "post": {**_does("Make a label", "201"), **_body({"name": TEXT}, "name")},
            **in_session,
        },
        f"{at}/chats/{{chat}}": {
            "get": _does("The labels that a chat wears"),
            "put": {**_does("Let a chat wear these"), **_body({"labels": listed}, "labels")},
            **in_chat,
        },
        f"{at}/{{label}}": {
            "put": {**_does("Give a label another name or colour", "200", "404"),
                    **_body({"name": TEXT, "color": {"type": "integer"}})},
            "delete": _does("Remove a label", "200", "404"),
            "parameters": [_in_path("session"), _in_path("label")],
        },
        f"{at}/{{label}}/chats": {
            "get": _does("The chats that wear a label", "200", "404"),
            "parameters": [_in_path("session"), _in_path("label")],
        },
        seen: {
            "get": _does("When people were online, as far as it is kept"),
            "post": {
                **_does("Show the contact what we do", "201"),
                **_body({"chatId": CHAT, "presence": shown}, "presence"),
            },
            **in_session,
        },
        f"{seen}/{{chat}}": {"get": _does("When somebody was online"), **in_chat},
        f"{seen}/{{chat}}/subscribe": {
            "post": _does("Hear when somebody is online", "201", "422"), **in_chat
        },
    }  # fmt: skip


def _people() -> Json:
    named = {"parameters": _in_query("contactId", "session")}
    block = _body({"contactId": CHAT, "session": SESSION}, "contactId")
    own = "/api/v1/contacts"
    filters = (
        "words", "number", "tag", "language", "stage", "since", "until", "business", "blocked",
    )  # fmt: skip
    in_person = {"parameters": [_in_path("contact"), *_in_query("session")]}
    return {
        "/api/contacts/check-exists": {
            "get": {**_does("Whether a number is on WhatsApp", "200", "503"),
                    "parameters": _in_query("phone", "session")}
        },
        "/api/contacts/about": {"get": {**_does("What somebody says of themselves"), **named}},
        "/api/contacts/profile-picture": {"get": {**_does("Where a picture is read"), **named}},
        "/api/contacts/block": {"post": {**_does("Block somebody", "201"), **block}},
        "/api/contacts/unblock": {"post": {**_does("Block no longer", "201"), **block}},
        own: {"get": {**_does("The people who fit"),
                      "parameters": _in_query(*filters, "session", *PAGE)}},
        f"{own}/{{contact}}": {"get": _does("One person", "200", "404"), **in_person},
        f"{own}/{{contact}}/picture": {"get": _does("A picture", "200", "404"), **in_person},
        "/api/v1/numbers/{number}": {
            "get": {**_does("Whether a number is on WhatsApp", "200", "503"),
                    "parameters": _in_query("session")},
            "parameters": [_in_path("number")],
        },
    }  # fmt: skip


def _own() -> Json:
    call_in = _body({"chat": CHAT}, "chat")
    return {
        "/api/v1/openapi.json": {"get": _does("This description")},
        "/api/v1/status": {"get": _does("What `alexia status --json` tells")},
        "/api/v1/report": {
            "get": {
                **_does("The figures of a period, as JSON or as a page"),
                "parameters": _in_query("session", "since", "until", "tag", "texts", "format"),
            }
        },
        "/api/v1/reload": {"post": _does("Load the rule files again", "200", "422")},
        "/api/v1/crm/chatwoot": {
            "post": {
                **_does("Hear Chatwoot; signed with its secret, without a key"),
                **_body({"event": TEXT}, "event"),
                "security": [],
            }
        },
        "/api/v1/canned": {
            "get": {**_does("The ready-made replies"), "parameters": _in_query("session")}
        },
        "/api/v1/canned/{name}": {
            "post": {
                **_does("Say a ready-made reply in a chat", "202", "404"),
                **_body({"chat": CHAT, "session": SESSION}, "chat"),
                "parameters": [_in_path("name"), ONCE],
            }
        },
        "/api/v1/webhooks/{name}": {
            "post": {
                **_does("Start what waits for this webhook in a chat", "202", "404"),
                **call_in,
                "parameters": [_in_path("name"), ONCE],
            }
        },
    }


def _does(what: str, *statuses: str) -> Json:
    refused = {"description": "Refused", "content": _json({"$ref": "#/components/schemas/Error"})}
    told = {status: {"description": what} for status in statuses or ("200",)}
    return {"summary": what, "responses": {**told, "4XX": refused}}


def _body(fields: Json, *required: str) -> Json:
    schema = {"type": "object", "properties": fields, "required": list(required)}
    return {"requestBody": {"required": True, "content": _json(schema)}}


def _file() -> Json:
    """Return the body of a request with a file: in JSON or as a form."""
    rest = {"chatId": CHAT, "caption": TEXT, "reply_to": TEXT, "session": SESSION}
    file = {
        "type": "object",
        "properties": {
            "url": {**TEXT, "format": "uri"}, "data": {**TEXT, "contentEncoding": "base64"},
            "mimetype": TEXT, "filename": TEXT,
        },
        "description": "Either url or data.",
    }  # fmt: skip
    form = {**rest, "file": {**TEXT, "format": "binary"}}
    needed = ["chatId", "file"]
    inside = {"type": "object", "properties": {**rest, "file": file}, "required": needed}
    outside = {"type": "object", "properties": form, "required": needed}
    content = {**_json(inside), "multipart/form-data": {"schema": outside}}
    return {"requestBody": {"required": True, "content": content}}


def _json(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


def _in_path(name: str) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": TEXT}


def _in_query(*names: str) -> list[Json]:
    return [{"name": name, "in": "query", "schema": TEXT} for name in names]
