"""What the library rules for files that come: which papers each source needs, and which rights a file begins with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from library.domain.access_level import AccessLevel
from library.domain.description import Material
from library.domain.errors import N_, InvalidConfiguration
from library.domain.holdings import Source
from library.domain.transfer import Paper, PaperKind

MOST_RULES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRule:
    """The papers that a transfer needs: each of the `required`, and one at least of `one_of` where there are any."""

    required: tuple[PaperKind, ...] = ()
    one_of: tuple[PaperKind, ...] = ()

    def missing(self, papers: Iterable[Paper]) -> tuple[tuple[PaperKind, ...], ...]:
        """What is not there: of each tuple one paper has to come."""
        have = {paper.kind for paper in papers}
        lacking = tuple((kind,) for kind in self.required if kind not in have)
        return lacking if not self.one_of or have & set(self.one_of) else (*lacking, self.one_of)


STANDARD_PAPERS: Mapping[Source, PaperRule] = {
    Source.PURCHASE: PaperRule(required=(PaperKind.ACT,), one_of=(PaperKind.CONTRACT, PaperKind.INVOICE)),
    Source.SUBSCRIPTION: PaperRule(required=(PaperKind.CONTRACT,)),
    Source.EXCHANGE: PaperRule(required=(PaperKind.ACT,)),
    Source.GIFT: PaperRule(required=(PaperKind.ACT,)),
    Source.OWN: PaperRule(required=(PaperKind.AUTHOR_AGREEMENT,)),
    Source.OTHER: PaperRule(one_of=(PaperKind.ACT, PaperKind.LETTER)),
}
"""What is needed until the library rules otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersNeeded:
    """The rule of every source."""

    by_source: Mapping[Source, PaperRule] = field(default_factory=lambda: dict(STANDARD_PAPERS))

    def of(self, source: Source) -> PaperRule:
        """The rule of one source."""
        return self.by_source.get(source, PaperRule())


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsRule:
    """The right that files begin with whose record is of this material and which came from this source; None is any."""

    material: Material | None = None
    source: Source | None = None
    level: AccessLevel


STANDARD_RIGHTS = (RightsRule(source=Source.OWN, level=AccessLevel.OPEN),)


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultRights:
    """The right that a file begins with; `otherwise` where no rule speaks of it.

    A rule that names both material and source goes before one that names the source alone, and that before one that
    names the material alone.
    """

    rules: tuple[RightsRule, ...] = STANDARD_RIGHTS
    otherwise: AccessLevel = AccessLevel.VIEW_ONLY

    def level_for(self, material: Material, source: Source | None) -> AccessLevel:
        """What a file of such a record, from this source (None: not known yet), begins with."""
        levels = {(rule.material, rule.source): rule.level for rule in self.rules}
        for asked in ((material, source), (None, source), (material, None)):
            if asked != (None, None) and asked in levels:
                return levels[asked]
        return self.otherwise


def require_sound_papers(papers: PapersNeeded) -> None:
    """Raise `InvalidConfiguration` where a rule asks for a paper in two ways."""
    for rule in papers.by_source.values():
        if set(rule.required) & set(rule.one_of) or len(rule.one_of) == 1:
            raise InvalidConfiguration(N_("“One of these” needs two papers at least, none of which is needed anyway."))


def require_sound_rights(rights: DefaultRights) -> None:
    """Raise `InvalidConfiguration` where two rules speak of the same files, or one of none in particular."""
    if len(rights.rules) > MOST_RULES:
        raise InvalidConfiguration(N_("There can be {most} at most."), most=MOST_RULES)
    spoken = [(rule.material, rule.source) for rule in rights.rules]
    if (None, None) in spoken:
        raise InvalidConfiguration(N_("A rule names a type of document, a source, or both."))
    if len(set(spoken)) < len(spoken):
        raise InvalidConfiguration(N_("Two rules speak of the same files. Leave one of them."))


def papers_from(facts: Mapping[str, Any]) -> PapersNeeded:
    """The papers out of JSON; sources and papers that this release does not know are left out."""
    found = facts["by_source"]
    return PapersNeeded(
        by_source={
            source: PaperRule(
                required=_known(found[source]["required"]),
                one_of=_known(found[source]["one_of"]),
            )
            for source in Source
            if source in found
        }
    )


def rights_from(facts: Mapping[str, Any]) -> DefaultRights:
    """The rights out of JSON."""
    return DefaultRights(
        rules=tuple(
            RightsRule(
                material=Material(one["material"]) if one["material"] else None,
                source=Source(one["source"]) if one["source"] else None,
                level=AccessLevel(one["level"]),
            )
            for one in facts["rules"]
        ),
        otherwise=AccessLevel(facts["otherwise"]),
    )


def flat_papers(papers: PapersNeeded) -> dict[str, str]:
    """`purchase, required` and `purchase, one_of` with the papers; what asks for nothing is left out."""
    return {
        f"{source}, {need}": ", ".join(kinds)
        for source, rule in papers.by_source.items()
        for need, kinds in (("required", rule.required), ("one_of", rule.one_of))
        if kinds
    }


def flat_rights(rights: DefaultRights) -> dict[str, str]:
    """`textbook/gift, level` with the level of each rule (`*` is any), and the level of all other files."""
    ruled = {f"{rule.material or '*'}/{rule.source or '*'}, level": rule.level.value for rule in rights.rules}
    return {**ruled, "otherwise": rights.otherwise.value}


def _known(kinds: Iterable[str]) -> tuple[PaperKind, ...]:
    given = set(kinds)
    return tuple(kind for kind in PaperKind if kind in given)
