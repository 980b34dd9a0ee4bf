"""Holds requests against an OpenAPI description, with an independent validator (jsonschema)."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import jsonschema
import yaml
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from bot.webhook import Answer


class BrokenContract(AssertionError):
    """A request, or an answer of the stub itself, is not as the vendor describes it."""


class Contract:
    def __init__(self, name):
        text = (Path(__file__).parent / name).read_text("utf-8")
        self.description = yaml.safe_load(text)
        resource = Resource.from_contents(self.description, default_specification=DRAFT202012)
        self.registry = Registry().with_resource("urn:api", resource)
        self.schemes = self.description["components"]["securitySchemes"]

    def operation(self, method, path):
        """Return what is described of a request; the path that names most goes first."""
        fitting = [
            template
            for template in self.description["paths"]
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
        ]
        best = min(fitting, key=lambda one: one.count("{"), default=None)
        held = self.description["paths"].get(best, {})
        if method.lower() not in held:
            raise BrokenContract(f"nothing is described for {method} {path}")
        return held[method.lower()]

    def check(self, method, path, query, headers, body, form="application/json"):
        """Raise BrokenContract unless a request is as described; return its operation."""
        operation = self.operation(method, path)
        self._secured(headers)
        known = {one["name"]: one for one in operation.get("parameters", [])}
        missing = [n for n, one in known.items() if one.get("required") and n not in query]
        if missing or set(query) - set(known):
            raise BrokenContract(f"{method} {path} has the query {sorted(query)}")
        content = operation.get("requestBody", {}).get("content")
        if content is None:
            if body is not None:
                raise BrokenContract(f"{method} {path} takes no body")
        else:
            self._valid(content[form]["schema"], body, f"{method} {path}")
        return operation

    def check_answer(self, operation, answer):
        """Hold the stub to the same description."""
        described = operation["responses"].get(str(answer.status))
        if described and "content" in described:
            schema = described["content"]["application/json"]["schema"]
            self._valid(schema, answer.body, f"the answer {answer.status}")

    def _secured(self, headers):
        (scheme,) = self.schemes.values()
        if scheme["type"] == "http":
            fits = re.fullmatch(r"Bearer \S+", headers.get("Authorization", ""))
        else:
            fits = headers.get(scheme["name"])
        if not fits:
            raise BrokenContract("the request has no credential")

    def _valid(self, schema, value, where):
        pointed = {"$ref": f"urn:api{schema['$ref']}"} if "$ref" in schema else schema
        validator = jsonschema.Draft202012Validator(pointed, registry=self.registry)
        for wrong in validator.iter_errors(value):
            raise BrokenContract(f"{where}: {wrong.json_path} {wrong.message}")


class Stub:
    """Stands for a vendor's server behind `line.Asks`; it answers only what is described.

    Attributes:
        trouble: Called with each request before it is done; what it returns is answered instead.
        loses: So many answers are lost after the request was done.
    """

    def __init__(self, description, base):
        self.contract = Contract(description)
        self.base = base
        self.asked = []
        self.trouble = lambda method, path: None
        self.loses = 0

    async def ask(self, method, url, headers, body, *, within, most):
        return self._answered(method, url, headers, body)

    async def upload(self, url, headers, fields, part, *, within, most):
        held = {**fields, part.field: [part.name, part.mimetype, part.path.stat().st_size]}
        return self._answered("POST", url, headers, held, form="multipart/form-data")

    def _answered(self, method, url, headers, body, **form):
        assert url.startswith(self.base)
        parts = urlsplit(url)
        path, query = unquote(parts.path), dict(parse_qsl(parts.query))
        operation = self.contract.check(method, path, query, headers, body, **form)
        trouble = self.trouble(method, path)
        if trouble is not None:
            return trouble
        self.asked.append((method, path))
        status, told = self.do(method, path, query, body)
        answer = Answer(status=status, body=told)
        self.contract.check_answer(operation, answer)
        if self.loses:
            self.loses -= 1
            return Answer(status=0, error="no answer within 10 s")
        return answer


def down(method, path):
    """Be out of order."""
    return Answer(status=503)
