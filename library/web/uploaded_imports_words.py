"""The words of the interface for uploads: their states, what becomes of records, what can be done."""

from __future__ import annotations

from collections.abc import Mapping

from library.db.duplicate_keys import KeyKind
from library.domain.errors import N_
from library.domain.uploaded_import import Fate, UploadState
from library.marc.source import Format
from library.services.uploaded_imports import Move

STATES: Mapping[UploadState, str] = {
    UploadState.EXAMINING: N_("Being examined"),
    UploadState.EXAMINED: N_("Examined"),
    UploadState.REFUSED: N_("Can't be imported"),
    UploadState.SUBMITTED: N_("Waits for approval"),
    UploadState.RUNNING: N_("Being imported"),
    UploadState.DONE: N_("Imported"),
    UploadState.FAILED: N_("Not imported to its end"),
    UploadState.STOPPED: N_("Stopped"),
    UploadState.WITHDRAWING: N_("Being withdrawn"),
    UploadState.WITHDRAWN: N_("Withdrawn"),
}
FATES: Mapping[Fate, str] = {
    Fate.ADDED: N_("Added"),
    Fate.CHANGED: N_("Changed"),
    Fate.WITHDRAWN: N_("Withdrawn"),
    Fate.RESTORED: N_("Restored"),
    Fate.KEPT: N_("Kept: changed since"),
}
FORMATS: Mapping[str, str] = {
    Format.ISO2709: "ISO 2709",
    Format.MARCXML: "MARCXML",
    Format.MARC_JSON: "MARC-in-JSON",
    Format.IRBIS_TEXT: N_("IRBIS text"),
    Format.IRBIS64: N_("base of IRBIS64"),
    Format.IRBIS32: N_("base of IRBIS32"),
}
SAMENESS: Mapping[KeyKind, str] = {
    KeyKind.ISBN: N_("the same ISBN"),
    KeyKind.WORK: N_("the same title, author and year"),
}
# The buttons, the most wanted first, with what is said beside them.
MOVES: Mapping[Move, tuple[str, str]] = {
    Move.APPROVE: (N_("Approve and import"), N_("The records are shown to readers as soon as they are in.")),
    Move.SUBMIT: (N_("Submit for approval"), N_("Another person looks at this report and approves the import.")),
    Move.GO_ON: (N_("Go on with the import"), N_("What came in before stays as it is.")),
    Move.WITHDRAW: (
        N_("Withdraw the whole import"),
        N_("Records that it added are withdrawn, those that it changed restored; what somebody changed since is kept."),
    ),
    Move.STOP: (N_("Stop"), N_("What is in already stays and can be withdrawn.")),
}
