"""A record leaves with its files as a BagIt bag that the package of the Library of Congress finds whole."""

from __future__ import annotations

import json
from pathlib import Path

import bagit
import pytest
from lxml import etree

from library.cli.accounts import CONSOLE
from library.domain.document import DocumentState
from library.domain.errors import LibraryError, NotEntitled, RecordNotFound
from library.domain.journal import Deed
from library.services.custody_packages import Package, Packages
from storage.model import Digest
from tests.documents import a_pdf
from tests.services.custodian import Custodian
from tests.staff import NODIRA


@pytest.fixture
def packages(custodian: Custodian) -> Packages:
    return Packages(
        custodian.container.database,
        custodian.store,
        custodian.sidecars,
        "Namangan davlat universiteti",
        custodian.clock,
    )


def _exported(packages: Packages, custodian: Custodian, directory: Path) -> Package:
    return packages.export(custodian.record, directory, actor=CONSOLE)


def test_the_bag_is_whole_and_says_what_it_is(custodian: Custodian, packages: Packages, tmp_path: Path) -> None:
    first = custodian.keep(a_pdf("Birinchi"), "100% oʻzbekcha.pdf")
    second = custodian.keep(a_pdf("Ikkinchi"), "иккинчи.pdf")
    custodian.send(a_pdf("Kutadi"), "kutadi.pdf")
    package = _exported(packages, custodian, tmp_path / "bag")
    assert [one.id for one in package.packed] == [first.id, second.id]
    bag = bagit.Bag(str(package.directory))
    bag.validate()
    assert bag.version_info == (1, 0)
    assert bag.info["Source-Organization"] == "Namangan davlat universiteti"
    assert bag.info["External-Identifier"] == f"record:{custodian.record}"
    assert bag.info["External-Description"] == "Oliy matematika"
    assert sorted(bag.payload_files()) == sorted(
        [
            "data/record.xml",
            f"data/originals/{first.id}-100_ oʻzbekcha.pdf",
            f"data/originals/{second.id}-иккинчи.pdf",
            f"data/sidecars/{first.digest}.json",
            f"data/sidecars/{second.digest}.json",
        ]
    )
    assert (package.directory / f"data/originals/{second.id}-иккинчи.pdf").read_bytes() == a_pdf("Ikkinchi")
    marc = etree.parse(package.directory / "data/record.xml")
    titles = marc.xpath(
        "//m:datafield[@tag=245]/m:subfield[@code='a']/text()", namespaces={"m": marc.getroot().nsmap[None]}
    )
    assert titles == ["Oliy matematika"]
    sidecar = json.loads((package.directory / f"data/sidecars/{first.digest}.json").read_text())
    assert sidecar["verdict"]["finding"] == "clean"
    assert sidecar["facts"]["transfers"][0]["partner"] == "Soatov, Yo. U."
    assert Deed.DOCUMENT_EXPORTED in custodian.deeds()


@pytest.mark.parametrize("harm", ["flip", "lose"])
def test_a_bag_that_was_harmed_is_found_out(
    custodian: Custodian, packages: Packages, tmp_path: Path, harm: str
) -> None:
    document = custodian.keep(a_pdf("Birinchi"))
    package = _exported(packages, custodian, tmp_path / "bag")
    original = package.directory / f"data/originals/{document.id}-kitob.pdf"
    original.write_bytes(a_pdf("Boshqach")) if harm == "flip" else original.unlink()
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(package.directory)).validate()


def test_a_closed_file_is_left_out_and_told(custodian: Custodian, packages: Packages, tmp_path: Path) -> None:
    sound, lost = custodian.keep(a_pdf("Birinchi")), custodian.keep(a_pdf("Ikkinchi"), "ikki.pdf")
    custodian.path(lost).unlink()
    custodian.audit.check(lost.digest)
    package = _exported(packages, custodian, tmp_path / "bag")
    assert [one.id for one in package.packed] == [sound.id]
    assert [(one.id, one.state) for one in package.left_out] == [(lost.id, DocumentState.CLOSED)]


def test_a_file_that_is_lost_unnoticed_leaves_no_bag(custodian: Custodian, packages: Packages, tmp_path: Path) -> None:
    document = custodian.keep(a_pdf("Birinchi"))
    path = custodian.path(document)
    path.chmod(0o640)
    path.write_bytes(a_pdf("Boshqacha"))
    with pytest.raises(LibraryError, match="Audit the store"):
        _exported(packages, custodian, tmp_path / "bag")
    path.unlink()
    with pytest.raises(LibraryError):
        _exported(packages, custodian, tmp_path / "bag")
    assert [one.name for one in tmp_path.iterdir() if "bag" in one.name] == []
    assert custodian.store.describe(Digest(document.digest)).digest.hex == document.digest


def test_a_directory_with_something_in_it_is_left_alone(
    custodian: Custodian, packages: Packages, tmp_path: Path
) -> None:
    custodian.keep(a_pdf("Birinchi"))
    full = tmp_path / "full"
    full.mkdir()
    (full / "note.txt").write_text("mine")
    with pytest.raises(LibraryError, match="has something in it"):
        _exported(packages, custodian, full)
    assert [path.name for path in full.iterdir()] == ["note.txt"]
    empty = tmp_path / "empty"
    empty.mkdir()
    bagit.Bag(str(_exported(packages, custodian, empty).directory)).validate()
    with pytest.raises(LibraryError, match=r"can't be (written|read)"):
        _exported(packages, custodian, full / "note.txt" / "bag")


def test_only_what_is_there_and_by_whom_it_may(custodian: Custodian, packages: Packages, tmp_path: Path) -> None:
    with pytest.raises(RecordNotFound):
        packages.export(999, tmp_path / "bag", actor=CONSOLE)
    with pytest.raises(NotEntitled):
        packages.export(custodian.record, tmp_path / "bag", actor=NODIRA)
