"""Addresses for every rule of the application, and what a page weighs with all it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from werkzeug.routing import AnyConverter, Map, Rule
from werkzeug.routing.converters import NumberConverter
from werkzeug.test import TestResponse

from library.web.pages import STATIC

KNOWN = {"base": "IBIS", "mfn": 17, "filename": "site.css", "part": 1, "ending": "xml", "form": "ris"}
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def filled(rule: Rule, record_id: int) -> dict[str, object]:
    """A value for every place of a rule; the number of a record where one is asked for."""
    return {name: _value(rule, name, record_id) for name in rule.arguments}


def address_of(rules: Map, rule: Rule, record_id: int) -> str:
    """An address that this rule answers."""
    method = next(iter(sorted(rule.methods or {"GET"})))
    return rules.bind("localhost").build(rule.endpoint, filled(rule, record_id), method=method)


def methods(rules: Map) -> Iterator[tuple[Rule, str]]:
    """Every rule with each method that reads or changes something."""
    for rule in rules.iter_rules():
        for method in sorted((rule.methods or set()) & (CHANGING | {"GET"})):
            yield rule, method


def weight_of(page: TestResponse) -> int:
    """The bytes of a page and of all styles, scripts and pictures that it and its styles name."""
    text = page.get_data(as_text=True)
    needed: set[str] = set(re.findall(r"/static/([\w.]+)\?v=", text))
    for style in [name for name in needed if name.endswith(".css")]:
        needed.update(re.findall(r'url\("([\w.]+)"\)', (STATIC / style).read_text(encoding="utf-8")))
    weight: int = len(page.data) + sum((STATIC / name).stat().st_size for name in needed)
    return weight


def _value(rule: Rule, name: str, record_id: int) -> object:
    converter = rule._converters[name]
    if name == "record_id":
        return record_id
    if isinstance(converter, AnyConverter):
        return KNOWN[name] if KNOWN.get(name) in converter.items else min(converter.items)
    if name in KNOWN:
        return KNOWN[name]
    return 1 if isinstance(converter, NumberConverter) else "x"
