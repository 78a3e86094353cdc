"""The words of the interface for what the journal holds: deeds, the things they were done to, and their facts."""

from __future__ import annotations

from collections.abc import Mapping

from library.domain.errors import N_
from library.domain.journal import Deed
from library.domain.people import Standing
from library.domain.record import Status
from library.projections.journal_table import visible
from library.web import documents_words, uploaded_imports_words
from library.web.accounts_words import ROLES
from library.web.batches import STATES
from library.web.configuration_pages import FIELDS, SECTIONS
from library.web.holdings import SOURCES
from library.web.languages import gettext
from library.web.words import ACCESS_LEVELS, MATERIALS

DEEDS: Mapping[Deed, str] = {
    Deed.SIGNED_IN: N_("Signed in"),
    Deed.SIGN_IN_FAILED: N_("Sign-in failed"),
    Deed.SIGNED_OUT: N_("Signed out"),
    Deed.ACCOUNT_ADDED: N_("Account added"),
    Deed.ACCOUNT_CHANGED: N_("Account changed"),
    Deed.ACCOUNT_CLOSED: N_("Account closed"),
    Deed.PASSWORD_SET: N_("Password set"),
    Deed.RESET_LINK_ISSUED: N_("Link to a new password issued"),
    Deed.SECOND_FACTOR_SET: N_("Second factor set"),
    Deed.SECOND_FACTOR_REMOVED: N_("Second factor removed"),
    Deed.READERS_IMPORTED: N_("Readers imported"),
    Deed.SESSION_ENDED: N_("Session ended"),
    Deed.RECORD_ENTERED: N_("Record entered"),
    Deed.WORK_SAVED: N_("Work saved"),
    Deed.WORK_SUBMITTED: N_("Work submitted for approval"),
    Deed.WORK_RETURNED: N_("Work returned with a remark"),
    Deed.WORK_DISCARDED: N_("Work discarded"),
    Deed.RECORD_APPROVED: N_("Record approved"),
    Deed.EMERGENCY_APPROVAL: N_("Emergency approval, without a second person"),
    Deed.RECORD_WITHDRAWN: N_("Record withdrawn"),
    Deed.RECORD_CHANGED_IN_BATCH: N_("Record changed in a batch"),
    Deed.RECORD_RESTORED: N_("Record restored"),
    Deed.RECORD_EMBARGOED: N_("Record closed until a day"),
    Deed.RECORD_OPENED: N_("Record opened after its embargo"),
    Deed.ACT_ENTERED: N_("Act entered"),
    Deed.RECORD_COPIED: N_("Record copied from a partner"),
    Deed.TARGET_ADDED: N_("Partner catalogue entered"),
    Deed.TARGET_CHANGED: N_("Partner catalogue changed"),
    Deed.TARGET_REMOVED: N_("Partner catalogue removed"),
    Deed.PARTNER_ADDED: N_("Partner entered"),
    Deed.PARTNER_CHANGED: N_("Entry of a partner changed"),
    Deed.PARTNER_PAUSED: N_("Harvest of a partner paused"),
    Deed.PARTNER_RESUMED: N_("Harvest of a partner resumed"),
    Deed.PARTNER_REMOVED: N_("Partner removed"),
    Deed.HARVEST_ASKED: N_("Harvest of a partner asked for"),
    Deed.HARVEST_ENDED: N_("Harvest of a partner ended"),
    Deed.VANISHING_AGREED: N_("Records that a partner deleted hidden"),
    Deed.VANISHING_REFUSED: N_("Records that a partner deleted kept"),
    Deed.REJECT_TAKEN_IN: N_("Rejected record of a partner taken in"),
    Deed.REJECT_DISMISSED: N_("Rejected record of a partner dismissed"),
    Deed.TWIN_DECIDED: N_("Record of a partner compared with one of ours"),
    Deed.IMPORT_UPLOADED: N_("File for import uploaded"),
    Deed.IMPORT_READ_DIFFERENTLY: N_("Uploaded file read in another way"),
    Deed.IMPORT_SUBMITTED: N_("Import submitted for approval"),
    Deed.IMPORT_APPROVED: N_("Import approved"),
    Deed.IMPORT_STOPPED: N_("Import stopped"),
    Deed.IMPORT_RESUMED: N_("Import gone on with"),
    Deed.IMPORT_ENDED: N_("Import ended"),
    Deed.IMPORT_WITHDRAWN: N_("Withdrawal of an import begun"),
    Deed.IMPORT_WITHDRAWAL_ENDED: N_("Withdrawal of an import ended"),
    Deed.RECORD_CHANGED_BY_IMPORT: N_("Record changed by an import"),
    Deed.BATCH_PREPARED: N_("Batch prepared"),
    Deed.BATCH_SUBMITTED: N_("Batch submitted for approval"),
    Deed.BATCH_CANCELLED: N_("Batch stopped"),
    Deed.BATCH_APPROVED: N_("Batch approved"),
    Deed.BATCH_UNDONE: N_("Batch undone"),
    Deed.AUTHORITY_ADDED: N_("Authority record added"),
    Deed.AUTHORITY_CHANGED: N_("Authority record changed"),
    Deed.AUTHORITIES_MERGED: N_("Authority records merged"),
    Deed.DOCUMENT_RECEIVED: N_("File taken in"),
    Deed.DOCUMENT_REFUSED: N_("File refused by a check"),
    Deed.DOCUMENT_KEPT: N_("File found clean and kept"),
    Deed.DOCUMENT_CHANGED: N_("Description or rights of a file changed"),
    Deed.DOCUMENT_APPROVED: N_("File approved for readers"),
    Deed.DOCUMENT_CLOSED: N_("File closed after a later check"),
    Deed.DOCUMENT_REOPENED: N_("File opened again"),
    Deed.DOCUMENT_WITHDRAWN: N_("File withdrawn"),
    Deed.DOCUMENT_DISCARDED: N_("File discarded from quarantine"),
    Deed.DOCUMENT_OPENED: N_("View-only file opened"),
    Deed.DOCUMENT_EXPORTED: N_("Record exported with its files"),
    Deed.TEXT_GRANTED: N_("Text version given to a reader"),
    Deed.TEXT_GRANT_ENDED: N_("Text version taken back"),
    Deed.TRANSFER_ENTERED: N_("Transfer of files entered"),
    Deed.TRANSFER_CHANGED: N_("Transfer of files changed"),
    Deed.DEPOSIT_BEGUN: N_("Deposit begun"),
    Deed.DEPOSIT_SENT: N_("Deposit sent"),
    Deed.DEPOSIT_RETURNED: N_("Deposit returned with a reason"),
    Deed.DEPOSIT_CONFIRMED: N_("Deposit confirmed by the department"),
    Deed.DEPOSIT_WITHDRAWN: N_("Deposit withdrawn by its depositor"),
    Deed.DEPOSIT_WITHDRAWAL_ASKED: N_("Withdrawal asked for by the depositor"),
    Deed.APPEAL_RECEIVED: N_("Appeal received"),
    Deed.APPEAL_LOOKED_AT: N_("Appeal looked at"),
    Deed.APPEAL_ASSIGNED: N_("Appeal assigned"),
    Deed.APPEAL_ESCALATED: N_("Deadline of an appeal passed, head of library told"),
    Deed.APPEAL_RECKONED: N_("Deadlines of an appeal reckoned anew after the calendar changed"),
    Deed.APPEAL_ANSWERED: N_("Appeal answered"),
    Deed.APPEAL_CLOSED: N_("Appeal closed with what came of it"),
    Deed.APPEAL_LETTER_ADDED: N_("Letter added to an appeal"),
    Deed.APPEAL_FILE_REFUSED: N_("File of an appeal refused by a check"),
    Deed.APPEAL_ERASED: N_("Personal data of an appeal erased"),
    Deed.SCANNER_FAILED: N_("Virus scanner cannot be trusted"),
    Deed.SCANNER_RECOVERED: N_("Virus scanner works again"),
    Deed.STORE_AUDITED: N_("Kept files audited"),
    Deed.STORE_REBUILT: N_("List of files rebuilt from the store"),
    Deed.INSTALLATION_RESTORED: N_("Library restored from a backup"),
    Deed.SETTINGS_CHANGED: N_("Settings changed"),
    Deed.MAINTENANCE_ANNOUNCED: N_("Maintenance announced"),
    Deed.MAINTENANCE_ENDED: N_("Maintenance ended early"),
    Deed.MAINTENANCE_CANCELLED: N_("Maintenance cancelled"),
    Deed.STATISTICS_KEY_ISSUED: N_("Key for statistics issued"),
    Deed.STATISTICS_KEY_REVOKED: N_("Key for statistics revoked"),
    Deed.JOURNAL_EXPORTED: N_("Journal taken away"),
}
KINDS: Mapping[str, str] = {
    "record": N_("Record {number}"),
    "person": N_("Account {number}"),
    "batch": N_("Batch {number}"),
    "import": N_("Import {number}"),
    "target": N_("Partner catalogue {number}"),
    "partner": N_("Partner {number}"),
    "reject": N_("Rejected record {number}"),
    "act": N_("Act {number}"),
    "authority": N_("Authority record {number}"),
    "maintenance": N_("Maintenance {number}"),
    "document": N_("File {number}"),
    "transfer": N_("Transfer {number}"),
    "deposit": N_("Deposit {number}"),
    "appeal": N_("Appeal {number}"),
    "statistics-key": N_("Key for statistics {number}"),
}
THINGS: Mapping[str, str] = {f"settings:{section}": label for section, label in SECTIONS.items()} | {
    "journal": N_("Journal of actions"),
    "scanner": N_("Virus scanner"),
    "store": N_("Store of files"),
}
FACTS: Mapping[str, str] = {
    "key": N_("Key"),
    "official": N_("Official"),
    "indicators": N_("Indicators it opens"),
    "first_day": N_("Figures since"),
    "last_day": N_("Figures until"),
    "counter": N_("Reports of COUNTER"),
    "expires_on": N_("Last day of the key"),
    "networks": N_("Addresses it works from"),
    "added": N_("Added"),
    "batch": N_("Batch of changes"),
    "bytes": N_("Bytes"),
    "changed": N_("Changed"),
    "database": N_("Database"),
    "dialect": N_("Dialect"),
    "digest": "SHA-256",
    "encoding": N_("Encoding of the records"),
    "forms": N_("Other forms"),
    "heading": N_("Accepted form"),
    "identifier": N_("Identifier (ORCID, VIAF, ISNI)"),
    "import": N_("Import"),
    "indexes": N_("Other names of indexes"),
    "kept": N_("Kept: changed since"),
    "merged_into": N_("Merged into the record"),
    "new": N_("New"),
    "protocol": N_("Protocol"),
    "query_charset": N_("Encoding of the words that are searched for"),
    "record_charset": N_("Encoding of its records"),
    "agreement": N_("Agreement accepted"),
    "assigned": N_("Answers it"),
    "channel": N_("How it came"),
    "clock": N_("Clock"),
    "days": N_("Working days taken"),
    "first_look": N_("First look until"),
    "measures": N_("Answer until"),
    "outcome": N_("Outcome"),
    "holidays": N_("Days of rest"),
    "reception": N_("Address of the university's electronic reception"),
    "rejected": N_("Rejected"),
    "weekdays": N_("Working days of the week, Monday is 1"),
    "workdays": N_("Days of rest that are worked"),
    "restored": N_("Restored"),
    "target": N_("Partner catalogue"),
    "unchanged": N_("Unchanged"),
    "withdrawn": N_("Withdrawn"),
    "approved_by": N_("Approved by"),
    "checked": N_("Files read"),
    "code": N_("Reason"),
    "condition": N_("What was found"),
    "directory": N_("Folder"),
    "documents": N_("Files"),
    "engine": N_("Virus scanner"),
    "faults": N_("Files that are not sound"),
    "found": N_("SHA-256 that was found"),
    "media_type": N_("Format"),
    "signatures": N_("Virus signatures"),
    "embargo": N_("Closed until (embargo)"),
    "label": N_("Label"),
    "level": N_("Who may read it"),
    "licence": N_("Licence"),
    "next_try": N_("Checked again"),
    "one_of": N_("One of these papers"),
    "otherwise": N_("All other files"),
    "papers": N_("Papers"),
    "reader": N_("Reader"),
    "record": N_("Record"),
    "required": N_("Papers needed"),
    "size": N_("File size"),
    "term": N_("Last day of the subscription"),
    "transfer": N_("Transfer"),
    **FIELDS,
    "begins_at": N_("Begins"),
    "description": N_("Description"),
    "ends_at": N_("Ends"),
    "names": N_("Name"),
    "notice_hours": N_("Told on all pages, hours before"),
    "texts": N_("What is done and why"),
    "card": N_("Library card"),
    "change": N_("Change"),
    "cost": N_("Cost"),
    "date": N_("Date"),
    "edited_by": N_("Last changed by"),
    "entered_by": N_("Entered by"),
    "entries": N_("Entries"),
    "fields": N_("Fields"),
    "format": N_("Format"),
    "kind": N_("Kind"),
    "lines": N_("Lines"),
    "login": N_("Login"),
    "name": N_("Name"),
    "number": N_("Number"),
    "order": N_("Order"),
    "partner": N_("Partner"),
    "reason": N_("Reason"),
    "collection": N_("Collection"),
    "deleted": N_("Deleted"),
    "expose": N_("Given on to others"),
    "form": N_("Form of the records"),
    "hour": N_("Hour of the night"),
    "other": N_("The other record"),
    "prefix": N_("Format at the partner"),
    "schedule": N_("Schedule"),
    "set": N_("Set"),
    "weekday": N_("Day of the week"),
    "records": N_("Records"),
    "remark": N_("Remark"),
    "roles": N_("Roles"),
    "source": N_("Source"),
    "standing": N_("State of the account"),
    "state": N_("State"),
    "status": N_("Status"),
    "version": N_("Version"),
    "work": N_("Version of the work"),
}
# Facts of what the library rules for files: codes stand before and in them that have words.
RULED = frozenset({"required", "one_of", "level"})
CODES: Mapping[str, str] = {
    **{source.value: label for source, label in SOURCES.items()},
    **MATERIALS,
    "*": N_("all others"),
}
VALUES: Mapping[str, Mapping[str, str]] = {
    "level": ACCESS_LEVELS,
    "one_of": {kind.value: label for kind, label in documents_words.PAPERS.items()},
    "required": {kind.value: label for kind, label in documents_words.PAPERS.items()},
    "otherwise": ACCESS_LEVELS,
    "source": {source.value: label for source, label in SOURCES.items()},
    "roles": {role.value: name for role, name in ROLES.items()},
    "standing": {Standing.ACTIVE: N_("Open"), Standing.CLOSED: N_("Closed")},
    "state": {
        **{state.value: name for state, name in documents_words.STATES.items()},
        **{state.value: name for state, name in (*uploaded_imports_words.STATES.items(), *STATES.items())},
    },
    "status": {
        Status.DRAFT: N_("Draft"),
        Status.PUBLISHED: N_("Published"),
        Status.WITHDRAWN: N_("Withdrawn"),
    },
}


def deed(code: str) -> str:
    """What was done, in the reader's language; a code that nobody knows as it is."""
    return gettext(DEEDS[Deed(code)]) if code in DEEDS else visible(code)


def thing(name: str) -> str:
    """What it was done to: `record:12` is record 12."""
    if name in THINGS:
        return gettext(THINGS[name])
    kind, _, number = name.partition(":")
    return gettext(KINDS[kind], number=number) if kind in KINDS and number.isdecimal() else visible(name)


def fact(name: str) -> str:
    """The name of a fact; one that stands in a language, or belongs to a code, keeps both: `bolalar, names (ru)`."""
    code, comma, rest = name.rpartition(", ")
    base, bracket, tag = rest.partition(" (")
    if base in RULED:
        code = " / ".join(gettext(CODES[part]) if part in CODES else part for part in code.split("/"))
    return f"{code}{comma}{gettext(FACTS[base]) if base in FACTS else base}{bracket}{tag}"


def value(name: str, text: str) -> str:
    """A value of a fact, where it is one of a few that have words, or several of them."""
    base = name.rpartition(", ")[2]
    words = VALUES.get(base, {})
    if base in ("required", "one_of"):
        return ", ".join(gettext(words[part]) if part in words else part for part in text.split(", "))
    return gettext(words[text]) if text in words else text
