"""What of a record can be found."""

from __future__ import annotations

from dataclasses import replace

from library.domain.description import Copy, CopyStatus, Creator, CreatorRole, Description, Material
from library.projections.search_entry import entry_key, record_number, search_entry
from tests.builders import a_description


def test_everything_a_reader_may_ask_for_is_in_the_entry() -> None:
    entry = search_entry(17, a_description(), "IBIS")
    assert (entry.key, record_number(entry.key)) == ("17", 17)
    assert entry.key == entry_key(17)
    assert entry.title == "Oliy matematika"
    assert set(entry.other_titles) == {"darslik", "Высшая математика", "Oliy ta’lim", "To‘plam"}
    assert entry.creators == ("Soatov, Yo. U.",)
    assert entry.subjects == ("Matematika", "integral")
    assert entry.numbers == ("9789943225510", "1234-5679", "1042", "301042")
    assert (entry.udc, entry.bbk, entry.year, entry.languages) == (("517",), ("22.1",), 2019, ("uzb",))
    assert (entry.material, entry.source) == ("textbook", "IBIS")
    assert entry.availability == ("on-the-shelf", "online")
    assert entry.collections == ("Oʻquv fondi",)
    assert "Bakalavrlar uchun." in entry.text


def test_what_is_not_there_leaves_no_blanks() -> None:
    entry = search_entry(1, Description(title="?", material=Material.OTHER), "")
    assert (entry.other_titles, entry.text, entry.numbers) == ((), (), ())
    assert (entry.availability, entry.collections) == ((), ())


def test_reviewers_are_not_authors_and_lent_copies_not_on_the_shelf() -> None:
    description = replace(
        a_description(),
        creators=(
            Creator(name="Karimov, A.", role=CreatorRole.REVIEWER),
            Creator(name="Aliyev", role=CreatorRole.EDITOR),
        ),
        copies=(Copy(status=CopyStatus.ON_LOAN),),
        links=(),
    )
    entry = search_entry(1, description, "")
    assert entry.creators == ("Aliyev",)
    assert entry.availability == ()
