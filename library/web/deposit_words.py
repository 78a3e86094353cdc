"""The words of the interface for deposits: kinds, fields, licences, stages, the steps of their way."""

from __future__ import annotations

from collections.abc import Mapping

from library.domain.deposit import Stage
from library.domain.deposit_fields import AGREEMENT, DepositKind
from library.domain.errors import N_
from library.domain.journal import Deed
from library.projections.licences import licence_name
from library.services.deposit_review import Part
from library.web.languages import gettext

KINDS: Mapping[DepositKind, str] = {
    DepositKind.ARTICLE: N_("Article"),
    DepositKind.CONFERENCE_PAPER: N_("Conference paper"),
    DepositKind.DISSERTATION: N_("Dissertation"),
    DepositKind.ABSTRACT: N_("Dissertation abstract"),
    DepositKind.TEXTBOOK: N_("Textbook"),
    DepositKind.COURSE_WORK: N_("Course work"),
}
ICONS: Mapping[DepositKind, str] = {
    DepositKind.ARTICLE: "article",
    DepositKind.CONFERENCE_PAPER: "article",
    DepositKind.DISSERTATION: "thesis",
    DepositKind.ABSTRACT: "thesis",
    DepositKind.TEXTBOOK: "book",
    DepositKind.COURSE_WORK: "pen",
}
FIELDS: Mapping[str, str] = {
    "title": N_("Title of the work"),
    "other_title": N_("Title in another language"),
    "language": N_("Language of the work"),
    "year": N_("Year"),
    "authors": N_("Authors"),
    "abstract": N_("Abstract"),
    "other_abstract": N_("Abstract in another language"),
    "keywords": N_("Keywords"),
    "doi": "DOI",
    "isbn": "ISBN",
    "issn": "ISSN",
    "host": N_("Journal or volume in which it was published"),
    "volume": N_("Volume"),
    "issue": N_("Issue"),
    "pages": N_("Pages"),
    "conference": N_("Conference"),
    "publisher": N_("Publisher"),
    "place": N_("Place of publication"),
    "degree": N_("Degree"),
    "speciality": N_("Speciality"),
    "supervisor": N_("Scientific supervisor"),
    "defence_date": N_("Day of the defence"),
    "project": N_("Number of the research project"),
    "faculty": N_("Faculty"),
    "licence": N_("Licence"),
    "embargo_until": N_("Closed until (embargo)"),
    "embargo_of": N_("What is closed until then"),
    "files": N_("Files"),
    "accepted": N_("Agreement accepted"),
}
HINTS: Mapping[str, str] = {
    "title": N_("As it stands on the title page, without the kind of work."),
    "keywords": N_("Five to ten, with a semicolon between them."),
    "doi": N_("Such as 10.1234/5678. A DOI has no check digit: copy it from the publisher's page."),
    "pages": N_("Of a part: from and to, such as 12-20. Of a whole work: how many."),
    "degree": N_("Such as PhD, DSc, candidate of sciences."),
    "speciality": N_("Its code and name."),
    "supervisor": N_("Surname, then given names."),
    "defence_date": N_("The text opens on this day, not before."),
    "embargo_until": N_("The text opens on this day. Leave it empty to open the text at once."),
    "embargo_of": N_("Nobody finds a work whose description is closed, before that day."),
    "licence": N_("It says what readers may do with the text."),
}
LICENCES: Mapping[str, str] = {
    "CC-BY-4.0": N_("anything, if the author is named"),
    "CC-BY-SA-4.0": N_("anything, if the author is named and what is made of it has the same licence"),
    "CC-BY-NC-4.0": N_("anything but trade, if the author is named"),
    "CC-BY-NC-SA-4.0": N_("anything but trade, if the author is named and what is made of it has the same licence"),
    "CC-BY-ND-4.0": N_("pass it on unchanged, if the author is named"),
    "CC-BY-NC-ND-4.0": N_("pass it on unchanged and not for trade, if the author is named"),
    "CC0-1.0": N_("anything: the author renounces all rights"),
}
STAGES: Mapping[Stage, str] = {
    Stage.DRAFT: N_("Draft"),
    Stage.SENT: N_("With the department"),
    Stage.RETURNED: N_("Returned to you"),
    Stage.CATALOGUING: N_("In cataloguing"),
    Stage.APPROVAL: N_("Waits for approval"),
    Stage.PUBLISHED: N_("Published"),
    Stage.WITHDRAWN: N_("Withdrawn"),
}
TONES: Mapping[Stage, str] = {Stage.RETURNED: "warning", Stage.PUBLISHED: "positive"}
NEXT: Mapping[Stage, str] = {
    Stage.DRAFT: N_("Fill in the description, add the file, and send the work to your department."),
    Stage.SENT: N_("Your department looks at the work and confirms it, or returns it with a reason."),
    Stage.RETURNED: N_("Mend what is named here, and send the work again."),
    Stage.CATALOGUING: N_("A librarian completes the description."),
    Stage.APPROVAL: N_("Another librarian approves the description and the file."),
    Stage.PUBLISHED: N_("Everybody finds the work in the catalogue."),
    Stage.WITHDRAWN: N_("Nobody reads the text."),
}
WHOLE = N_("The text and the description")
CLOSED = N_("The library has accepted the work. Nobody finds it before {day}; then it opens by itself.")
WAY = (Stage.DRAFT, Stage.SENT, Stage.CATALOGUING, Stage.APPROVAL, Stage.PUBLISHED)
"""The stages that a deposit goes through when nothing is returned."""
STEPS: Mapping[Deed, str] = {
    Deed.DEPOSIT_BEGUN: N_("Begun"),
    Deed.DEPOSIT_SENT: N_("Sent to the department"),
    Deed.DEPOSIT_RETURNED: N_("Returned"),
    Deed.DEPOSIT_CONFIRMED: N_("Confirmed by the department"),
    Deed.DEPOSIT_WITHDRAWN: N_("Withdrawn by the depositor"),
    Deed.DEPOSIT_WITHDRAWAL_ASKED: N_("The depositor asks to withdraw it"),
    Deed.WORK_SUBMITTED: N_("Description completed"),
    Deed.WORK_RETURNED: N_("Description goes back to the librarian"),
    Deed.RECORD_APPROVED: N_("Description approved and published"),
    Deed.EMERGENCY_APPROVAL: N_("Description approved and published"),
    Deed.RECORD_WITHDRAWN: N_("Withdrawn by the library"),
    Deed.RECORD_EMBARGOED: N_("Closed until the end of its embargo"),
    Deed.RECORD_OPENED: N_("Opened after its embargo"),
    Deed.DOCUMENT_RECEIVED: N_("File came"),
    Deed.DOCUMENT_KEPT: N_("File checked: no virus was found"),
    Deed.DOCUMENT_REFUSED: N_("File refused by a check"),
    Deed.DOCUMENT_APPROVED: N_("File approved for readers"),
    Deed.DOCUMENT_CLOSED: N_("File closed after a later check"),
    Deed.DOCUMENT_WITHDRAWN: N_("File withdrawn"),
}
PARTS: Mapping[Part, str] = {
    Part.TO_CONFIRM: N_("To be confirmed"),
    Part.TO_CATALOGUE: N_("To be catalogued"),
    Part.TO_APPROVE: N_("To be approved"),
    Part.TO_WITHDRAW: N_("To be withdrawn at the author's wish"),
    Part.RETURNED: N_("Returned to their authors"),
    Part.PUBLISHED: N_("Published"),
}


def licence(code: str) -> str:
    """The licence with what it permits; empty for none."""
    if code == AGREEMENT:
        return gettext("Agreement of the library: readers read as the library rules, the author keeps all rights")
    return f"{licence_name(code)}: {gettext(LICENCES[code])}" if code in LICENCES else code


def field(name: str) -> str:
    """The label of a field; `authors.1.orcid` is the ORCID of the second author."""
    group, _, rest = name.partition(".")
    if group != "authors" or not rest:
        return gettext(FIELDS[group]) if FIELDS[group] not in ("DOI", "ISBN", "ISSN") else FIELDS[group]
    number, _, part = rest.partition(".")
    labels = {
        "name": N_("Author {n}"),
        "orcid": N_("ORCID of author {n}"),
        "affiliation": N_("Place of work of author {n}"),
    }
    return gettext(labels[part], n=str(int(number) + 1))
