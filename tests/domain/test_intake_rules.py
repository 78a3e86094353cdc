"""Papers that sources need, rights that files begin with; what is kept of both comes back as it was."""

from __future__ import annotations

import json
from datetime import date

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from library.domain.access_level import AccessLevel
from library.domain.configuration import Section, as_facts, empty, flat, from_facts, require_sound
from library.domain.description import Material
from library.domain.errors import InvalidConfiguration
from library.domain.holdings import Source
from library.domain.intake_rules import DefaultRights, PaperRule, PapersNeeded, RightsRule
from library.domain.transfer import Paper, PaperKind

KINDS = st.lists(st.sampled_from(PaperKind), unique=True).map(lambda kinds: tuple(k for k in PaperKind if k in kinds))
PAPERS = st.builds(
    PapersNeeded,
    by_source=st.dictionaries(st.sampled_from(Source), st.builds(PaperRule, required=KINDS, one_of=KINDS)),
)
RIGHTS = st.builds(
    DefaultRights,
    rules=st.lists(
        st.builds(
            RightsRule,
            material=st.none() | st.sampled_from(Material),
            source=st.none() | st.sampled_from(Source),
            level=st.sampled_from(AccessLevel),
        ),
        max_size=5,
    ).map(tuple),
    otherwise=st.sampled_from(AccessLevel),
)


def _paper(kind: PaperKind) -> Paper:
    return Paper(kind=kind, number="1", date=date(2026, 9, 1))


@pytest.mark.parametrize(
    ("source", "papers", "missing"),
    [
        (Source.PURCHASE, (), (("act",), ("contract", "invoice"))),
        (Source.PURCHASE, ("act",), (("contract", "invoice"),)),
        (Source.PURCHASE, ("act", "invoice"), ()),
        (Source.SUBSCRIPTION, ("act",), (("contract",),)),
        (Source.EXCHANGE, ("letter",), (("act",),)),
        (Source.GIFT, ("act",), ()),
        (Source.OWN, ("contract",), (("author-agreement",),)),
        (Source.OTHER, ("letter",), ()),
    ],
)
def test_the_standard_asks_each_source_for_its_papers(
    source: Source, papers: tuple[str, ...], missing: tuple[tuple[str, ...], ...]
) -> None:
    have = [_paper(PaperKind(kind)) for kind in papers]
    assert PapersNeeded().of(source).missing(have) == missing


@given(KINDS, KINDS, KINDS)
@settings(max_examples=100, deadline=None)
def test_what_is_missing_is_enough_to_be_complete(
    required: tuple[PaperKind, ...], one_of: tuple[PaperKind, ...], have: tuple[PaperKind, ...]
) -> None:
    rule, papers = PaperRule(required=required, one_of=one_of), [_paper(kind) for kind in have]
    missing = rule.missing(papers)
    assert all(not set(kinds) & set(have) for kinds in missing)
    assert rule.missing([*papers, *(_paper(kinds[-1]) for kinds in missing)]) == ()


def test_the_rule_that_says_most_goes_first() -> None:
    rights = DefaultRights(
        rules=(
            RightsRule(material=Material.TEXTBOOK, level=AccessLevel.MEMBERS),
            RightsRule(source=Source.GIFT, level=AccessLevel.CAMPUS),
            RightsRule(material=Material.TEXTBOOK, source=Source.GIFT, level=AccessLevel.CLOSED),
        ),
        otherwise=AccessLevel.OPEN,
    )
    assert rights.level_for(Material.TEXTBOOK, Source.GIFT) is AccessLevel.CLOSED
    assert rights.level_for(Material.MAP, Source.GIFT) is AccessLevel.CAMPUS
    assert rights.level_for(Material.TEXTBOOK, Source.OWN) is AccessLevel.MEMBERS
    assert rights.level_for(Material.TEXTBOOK, None) is AccessLevel.MEMBERS
    assert rights.level_for(Material.MAP, None) is AccessLevel.OPEN


def test_what_nobody_ruled_is_view_only_but_for_own_works() -> None:
    standard = empty(Section.RIGHTS).content
    assert isinstance(standard, DefaultRights)
    open_to_all = {source for source in Source if standard.level_for(Material.BOOK, source) is AccessLevel.OPEN}
    assert open_to_all == {Source.OWN}
    assert standard.level_for(Material.BOOK, None) is AccessLevel.VIEW_ONLY


@given(st.one_of(PAPERS.map(lambda one: (Section.PAPERS, one)), RIGHTS.map(lambda one: (Section.RIGHTS, one))))
@settings(max_examples=200, deadline=None)
def test_what_was_ruled_comes_back_from_json(ruled: tuple[Section, PapersNeeded | DefaultRights]) -> None:
    section, content = ruled
    assert from_facts(section, json.loads(json.dumps(as_facts(content)))) == content
    assert all(isinstance(text, str) and text for text in flat(content).values())


@pytest.mark.parametrize(
    "content",
    [
        PapersNeeded(by_source={Source.GIFT: PaperRule(one_of=(PaperKind.ACT,))}),
        PapersNeeded(
            by_source={Source.GIFT: PaperRule(required=(PaperKind.ACT,), one_of=(PaperKind.ACT, PaperKind.LETTER))}
        ),
        DefaultRights(rules=(RightsRule(level=AccessLevel.OPEN),)),
        DefaultRights(rules=(RightsRule(source=Source.GIFT, level=AccessLevel.OPEN),) * 2),
    ],
)
def test_rules_that_contradict_themselves_are_told(content: PapersNeeded | DefaultRights) -> None:
    with pytest.raises(InvalidConfiguration):
        require_sound(content)


def test_the_standard_is_sound() -> None:
    for section in Section:
        require_sound(empty(section).content)
