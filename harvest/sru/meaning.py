"""What the names in a query mean to this server: prefixes, indexes, relations, sort keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harvest.sru.diagnostics import Diagnosed, Number
from harvest.sru.model import CHOSEN, EXACT, Condition, ContextSet, Described, Joined, Order, Sought
from harvest.sru.tree import Boolean, Clause, Modifier, Name, Node, Operator, Query, Relation, Scoped, SortKey

SERVER_CHOICE = "cql.serverchoice"
RESULT_SET = "cql.resultsetid"
# The context set whose relations, and indexes without a prefix, every server knows.
CQL = ContextSet(
    prefix="cql",
    identifier="info:srw/cql-context-set/1/cql-v1.2",
    others=("info:srw/cql-context-set/1/cql-v1.1", "http://docs.oasis-open.org/ns/search-ws/cql"),
)
SORT = ContextSet(prefix="sort", identifier="info:srw/cql-context-set/1/sort-v1.0")
_OTHER_NAMES = {"exact": EXACT}
# They ask for nothing but what is done anyway.
_HARMLESS = frozenset({"stem", "relevant", "ignorecase", "ignoreaccents", "masked", "word"})
_DIRECTIONS = {"ascending": False, "descending": True}
_IGNORED_IN_SORT = frozenset({"ignorecase", "ignoreaccents", "missinglow", "missinghigh"})

Scope = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Meaning:
    """Understands queries of one server."""

    described: Described

    def condition(self, query: Query) -> Condition:
        """The query with the server's own indexes and relations. Raises `Diagnosed`."""
        return self._condition(query.node, {})

    def order(self, query: Query) -> Order | None:
        """The order that the query asks for itself. Raises `Diagnosed`."""
        if not query.sort:
            return None
        if len(query.sort) > 1:
            raise Diagnosed(Number.TOO_MANY_SORT_KEYS, "1")
        scope: dict[str, str] = {}
        node = query.node
        while isinstance(node, Scoped):
            scope[node.prefix] = node.identifier
            node = node.node
        (key,) = query.sort
        return self._ordered(self._index_name(key.index, scope), _descending(key))

    def order_of_keys(self, text: str) -> Order | None:
        """The order that the parameter `sortKeys` asks for: path, schema, ascending, case, missing value."""
        keys = text.split()
        if not keys:
            return None
        if len(keys) > 1:
            raise Diagnosed(Number.TOO_MANY_SORT_KEYS, "1")
        path, _, ascending, case, missing = (*keys[0].split(","), "", "", "", "", "")[:5]
        if ascending not in ("", "0", "1"):
            raise Diagnosed(Number.SORT_DIRECTION, ascending)
        if case == "1":
            raise Diagnosed(Number.SORT_CASE, case)
        if missing.strip('"') not in ("", "highValue", "lowValue"):
            raise Diagnosed(Number.SORT_MISSING, missing)
        return self._ordered(path.lower(), ascending == "0")

    def _ordered(self, name: str, descending: bool) -> Order:  # noqa: FBT001
        index = self.described.index(name)
        if index is None or not index.orders:
            raise Diagnosed(Number.SORT, name)
        if descending not in index.orders:
            raise Diagnosed(Number.SORT_DIRECTION, "descending" if descending else "ascending")
        return Order(index, descending)

    def _condition(self, node: Node, scope: Scope) -> Condition:
        match node:
            case Scoped(prefix, identifier, inside):
                return self._condition(inside, {**scope, prefix: identifier})
            case Boolean(operator, left, right, modifiers):
                if operator is Operator.PROX:
                    raise Diagnosed(Number.PROXIMITY)
                if modifiers:
                    raise Diagnosed(Number.BOOLEAN_MODIFIER, str(modifiers[0].name))
                return Joined(operator, self._condition(left, scope), self._condition(right, scope))
            case Clause():
                return self._sought(node, scope)

    def _sought(self, clause: Clause, scope: Scope) -> Sought:
        name = SERVER_CHOICE if clause.index is None else self._index_name(clause.index, scope)
        relation = CHOSEN if clause.relation is None else self._relation(clause.relation, scope)
        if name == RESULT_SET:
            raise Diagnosed(Number.RESULT_SETS)
        index = self.described.index(name)
        if index is None:
            raise Diagnosed(Number.INDEX, name)
        if relation not in index.relations:
            raise Diagnosed(Number.RELATION_AND_INDEX, f"{relation} {name}")
        return Sought(index, relation, clause.term)

    def _index_name(self, name: Name, scope: Scope) -> str:
        prefix = self._prefix(name, scope)
        return f"{prefix}.{name.name}" if prefix else name.name

    def _relation(self, relation: Relation, scope: Scope) -> str:
        for modifier in relation.modifiers:
            _harmless(modifier, self._prefix(modifier.name, {**scope, "": ""}))
        # The default context set is for indexes; relations without a prefix are those of CQL.
        if self._prefix(relation.name, {**scope, "": ""}) not in ("", CQL.prefix):
            raise Diagnosed(Number.RELATION, str(relation.name))
        name = _OTHER_NAMES.get(relation.name.name, relation.name.name)
        if not any(name in index.relations for index in self.described.indexes):
            raise Diagnosed(Number.RELATION, str(relation.name))
        return name

    def _prefix(self, name: Name, scope: Scope) -> str:
        """The server's own prefix for the context set that is meant; empty where none is."""
        identifier = scope.get(name.prefix, "")
        for one in (*self.described.sets, CQL, SORT):
            if identifier in (one.identifier, *one.others) if identifier else name.prefix == one.prefix:
                return one.prefix
        if identifier or name.prefix:
            raise Diagnosed(Number.CONTEXT_SET, identifier or name.prefix)
        return ""


def _harmless(modifier: Modifier, prefix: str) -> None:
    if prefix not in ("", CQL.prefix) or modifier.name.name not in _HARMLESS or modifier.comparison:
        raise Diagnosed(Number.RELATION_MODIFIER, str(modifier.name))


def _descending(key: SortKey) -> bool:
    descending = False
    for modifier in key.modifiers:
        name = modifier.name.name
        if name in _DIRECTIONS:
            descending = _DIRECTIONS[name]
        elif name == "respectcase":
            raise Diagnosed(Number.SORT_CASE, name)
        elif name.startswith("missing") and name not in _IGNORED_IN_SORT:
            raise Diagnosed(Number.SORT_MISSING, name)
        elif name not in _IGNORED_IN_SORT:
            raise Diagnosed(Number.SORT, str(modifier.name))
    return descending
