"""Puts a stub behind a real server."""

import asyncio
import email
import email.policy
import json
import socket
from urllib.parse import parse_qsl, unquote, urlsplit


class Wire:
    """A server that holds each request against a stub's contract, and answers as it does."""

    def __init__(self, stub):
        self.stub = stub
        self.broken = []

    async def __aenter__(self):
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0, family=socket.AF_INET)
        self.url = f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_):
        self.server.close()

    async def _serve(self, reader, writer):
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in
                   (line.partition(": ") for line in lines)}  # fmt: skip
        raw = await reader.readexactly(int(headers.get("content-length", 0)))
        status, told = self._answer(*first.split()[:2], headers, raw)
        body = json.dumps(told).encode()
        lines = [f"HTTP/1.1 {status} x", "Connection: close", f"Content-Length: {len(body)}"]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await writer.drain()
        writer.close()

    def _answer(self, method, where, headers, raw):
        parts = urlsplit(where)
        path, query = unquote(parts.path), dict(parse_qsl(parts.query))
        known = {"Authorization": headers.get("authorization", ""),
                 "api_access_token": headers.get("api_access_token", "")}  # fmt: skip
        try:
            form, _, _ = headers.get("content-type", "").partition(";")
            assert not raw or form in ("application/json", "multipart/form-data")
            body = _read(headers["content-type"], raw) if raw else None
            self.stub.contract.check(method, path, query, known, body, form or "application/json")
            return self.stub.do(method, path, query, body)
        except AssertionError as broken:
            self.broken.append(str(broken))
            return 400, {}


def _read(kind, raw):
    """Return a JSON body, or a form: a file as its name, media type and size."""
    if kind == "application/json":
        return json.loads(raw)
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    found = {}
    for part in email.message_from_bytes(head + raw, policy=email.policy.HTTP).iter_parts():
        name, file = part.get_param("name", header="content-disposition"), part.get_filename()
        held = part.get_payload(decode=True)
        found[name] = held.decode() if file is None else [file, part.get_content_type(), len(held)]
    return found
