"""What people do here, where and how: the table that the help of each role is made of.

A task belongs to those who have its right, by the one table of permissions: the help can't promise what is refused.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from library.domain.access import PERMISSIONS, Action
from library.domain.errors import N_
from library.domain.people import APPOINTED, Role


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do: for whom, on which page, and how. `address` is empty where the page depends on a record."""

    name: str
    address: str
    roles: Set[Role]
    how: str


@dataclass(frozen=True, slots=True)
class Room:
    """Tasks that belong together."""

    name: str
    tasks: tuple[Task, ...]


_EVERYBODY = frozenset(Role)
_AT_WORK = PERMISSIONS[Action.SEE_WORK]
_CATALOGUERS = PERMISSIONS[Action.CATALOGUE]
_APPROVERS = PERMISSIONS[Action.APPROVE]
_READERS = _EVERYBODY - _AT_WORK - PERMISSIONS[Action.SYSTEM]

READING = Room(
    N_("Finding and keeping"),
    (
        Task(
            N_("Find a book"),
            "/",
            _READERS,
            N_("Type words of the title, an author or an ISBN, in any alphabet. Narrow the results beside them."),
        ),
        Task(
            N_("Look through what there is"),
            "/browse",
            _READERS,
            N_("By title, author, subject and class, and what came in last."),
        ),
        Task(
            N_("See whether a copy is here"),
            "",
            _READERS,
            N_("“Where is it?” on the page of a record shows where each copy stands and whether it is there."),
        ),
        Task(
            N_("Keep what you found"),
            "/my-list",
            _READERS,
            N_("Put records into a list, without signing in: to print, to send, or for a reference manager."),
        ),
    ),
)
ARCHIVE = Room(
    N_("The open archive"),
    (
        Task(
            N_("Give a work of your own"),
            "/deposit",
            PERMISSIONS[Action.DEPOSIT],
            N_("Choose its kind, fill in the form, add the file, accept the agreement, send it. Typing is kept."),
        ),
        Task(
            N_("Follow your work"),
            "/deposit",
            PERMISSIONS[Action.DEPOSIT],
            N_("Its page shows each step and what comes next. What comes back says what to mend; send it again."),
        ),
        Task(
            N_("Choose when your work opens"),
            "",
            PERMISSIONS[Action.DEPOSIT],
            N_("Under “Licence and day of opening”: until a day the text is closed, or the description with it."),
        ),
        Task(
            N_("Take your work back"),
            "/deposit",
            PERMISSIONS[Action.DEPOSIT],
            N_("On its page, before it is published; afterwards the library does it when you ask with a reason."),
        ),
        Task(
            N_("Confirm works of your department"),
            "/deposits",
            PERMISSIONS[Action.CONFIRM_DEPOSITS],
            N_("The longest waiting first. Look at description and file, then “Confirm”, or “Return” with a reason."),
        ),
        Task(
            N_("Complete works that were given"),
            "/deposits?part=to-catalogue",
            _CATALOGUERS,
            N_("“Complete the description” opens the cataloguing form. Another person approves record and file."),
        ),
        Task(
            N_("Close a record until a day"),
            "",
            PERMISSIONS[Action.WITHDRAW],
            N_("Under “Withdraw” on the page of the record. It opens by itself when the day begins, or earlier."),
        ),
        Task(
            N_("See how far given works are"),
            "/deposits",
            PERMISSIONS[Action.SEE_DEPOSITS],
            N_("The lists say how many wait for the department, for cataloguing and for approval."),
        ),
        Task(
            N_("Mend what partners sent"),
            "/partners",
            PERMISSIONS[Action.HARVEST],
            N_("Each partner shows what came, and what was rejected and why. Records that may be the same wait too."),
        ),
    ),
)
CATALOGUING = Room(
    N_("Cataloguing"),
    (
        Task(
            N_("Catalogue something new"),
            "/cataloguing",
            _CATALOGUERS,
            N_("Choose its worksheet on your desk. “Check” names each place that is wrong and leads there."),
        ),
        Task(
            N_("Be spared typing"),
            "/cataloguing",
            _CATALOGUERS,
            N_("“Copy this record” stands above a form, “Keep as a template” below it. Templates wait on your desk."),
        ),
        Task(
            N_("Avoid duplicates"),
            "",
            _CATALOGUERS,
            N_("Records that may be the same appear while you type, in any alphabet. Open them before you go on."),
        ),
        Task(
            N_("Take a record over from a partner"),
            "/copy-cataloguing",
            _CATALOGUERS,
            N_("Search other libraries, look at the record, take it over into a draft. It names where it came from."),
        ),
        Task(
            N_("Submit your work"),
            "/cataloguing",
            _CATALOGUERS,
            N_("Another person looks at it before readers do. What comes back stands on your desk with a remark."),
        ),
        Task(
            N_("Import a file of records"),
            "/imports",
            PERMISSIONS[Action.IMPORT],
            N_("First you see what would come in. Another person approves, and the whole import can be taken back."),
        ),
    ),
)
FILES = Room(
    N_("Files"),
    (
        Task(
            N_("Upload the files of a record"),
            "/documents",
            PERMISSIONS[Action.DOCUMENTS],
            N_("“Files” on the page of a record. What was broken off goes on when the same file is chosen again."),
        ),
        Task(
            N_("Enter from whom files came"),
            "/transfers",
            PERMISSIONS[Action.DOCUMENTS],
            N_("The transfer has the papers that its source needs, and prints the act that both sides sign."),
        ),
        Task(
            N_("Follow files"),
            "/documents",
            _AT_WORK,
            N_("The queue says of each file where it stands, why, and who does what next."),
        ),
        Task(
            N_("Approve files"),
            "/documents?part=to-approve",
            _APPROVERS,
            N_("Look at the file, its rights and its papers. Whoever took it in or changed it can't approve it."),
        ),
        Task(
            N_("Give one reader the text"),
            "",
            PERMISSIONS[Action.GRANT_TEXT],
            N_("On the page of a view-only file, by library card or login, with the reason; it can be taken back."),
        ),
    ),
)
APPROVAL = Room(
    N_("Approval"),
    (
        Task(
            N_("See what waits"),
            "/review",
            _AT_WORK,
            N_("What was submitted, by whom and when, with what readers see now beside what is proposed."),
        ),
        Task(
            N_("Approve or return"),
            "/review",
            _APPROVERS,
            N_("Open a work and decide, or tick several and approve them at once. A return takes a remark."),
        ),
        Task(
            N_("Approve without a second person"),
            "/review",
            PERMISSIONS[Action.APPROVE_IN_EMERGENCY],
            N_("For emergencies, with a reason. The journal and the versions of the record tell it for ever."),
        ),
        Task(
            N_("Withdraw a record"),
            "",
            PERMISSIONS[Action.WITHDRAW],
            N_("On the page of the record. A page with the reason stays at its address, and it can be brought back."),
        ),
        Task(
            N_("See former versions"),
            "",
            _AT_WORK,
            N_("“Versions” on the page of a record tells who made and who approved each, and compares any two."),
        ),
    ),
)
WHOLE = Room(
    N_("The whole catalogue"),
    (
        Task(
            N_("Change many records at once"),
            "/batches",
            PERMISSIONS[Action.BATCH],
            N_("Search, then “Change these records”. You see every difference first; one button undoes it all."),
        ),
        Task(
            N_("Approve a batch"),
            "/batches",
            _APPROVERS,
            N_("Look at the differences, then “Approve and run”. It can be undone as a whole."),
        ),
        Task(
            N_("Approve an import"),
            "/imports",
            _APPROVERS,
            N_("Look at what would come in and what is rejected. A whole import can be withdrawn later."),
        ),
        Task(
            N_("Keep names and subjects"),
            "/authorities",
            PERMISSIONS[Action.AUTHORITIES],
            N_("One accepted form and all others, in every alphabet. Two records of one person are merged."),
        ),
        Task(
            N_("Find what is lacking"),
            "/quality",
            _AT_WORK,
            N_("Records without class, language or subject, mixed alphabets, broken links, likely duplicates."),
        ),
    ),
)
COPIES = Room(
    N_("Copies and printing"),
    (
        Task(
            N_("Enter copies"),
            "/holdings/receipt/new",
            PERMISSIONS[Action.HOLDINGS],
            N_("By an act of receipt: the record, inventory numbers such as 1001-1010, price and place."),
        ),
        Task(
            N_("Write copies off"),
            "/holdings/write-off/new",
            PERMISSIONS[Action.WRITE_OFF],
            N_("By an act with its reason. An act is never changed: a mistake is put right by another act."),
        ),
        Task(
            N_("Read the accession book"),
            "/holdings",
            _AT_WORK,
            N_("Every copy by its number, and the balance between two days, to read or as a table."),
        ),
        Task(
            N_("Print labels"),
            "/labels",
            _AT_WORK,
            N_("For spines or with barcodes, by inventory numbers, by an act or by records. Print without scaling."),
        ),
        Task(
            N_("Print a bulletin of new arrivals"),
            "/bulletin",
            _AT_WORK,
            N_("Choose the days and take the PDF. Your own list becomes a bibliography by GOST under “My list”."),
        ),
    ),
)
READERS = Room(
    N_("Readers"),
    (
        Task(
            N_("Enter readers"),
            "/readers",
            PERMISSIONS[Action.READERS],
            N_("One by one, or all of them from a table or an IRBIS base, tried first without writing anything."),
        ),
        Task(
            N_("Let readers in"),
            "/readers",
            PERMISSIONS[Action.READERS],
            N_("Print codes for a faculty or group. By the code a reader sets the password; nobody else learns it."),
        ),
    ),
)
HOUSE = Room(
    N_("The house"),
    (
        Task(
            N_("Answer complaints and questions"),
            "/appeals/",
            PERMISSIONS[Action.APPEALS],
            N_("What ran out first. The answer stops the clocks and is read at once; a letter can be printed."),
        ),
        Task(
            N_("Set working days and holidays"),
            "/administration/settings/appeals",
            PERMISSIONS[Action.SETTINGS],
            N_("Deadlines count in them. Fixed holidays are offered; those that move are entered each year."),
        ),
        Task(
            N_("Keep names, hours and collections"),
            "/administration/settings",
            PERMISSIONS[Action.SETTINGS],
            N_("In five languages. Every version is kept and can be put back in force."),
        ),
        Task(
            N_("Keep partner catalogues"),
            "/copy-cataloguing/catalogues",
            PERMISSIONS[Action.SETTINGS],
            N_("Addresses of SRU and Z39.50 that cataloguers copy from. “Test” asks one before it is saved."),
        ),
        Task(
            N_("Read the journal"),
            "/journal",
            PERMISSIONS[Action.JOURNAL],
            N_("Who did what, when, before and after: by person, thing, deed and period, as a table or PDF."),
        ),
        Task(
            N_("Keep accounts of staff"),
            "/accounts",
            PERMISSIONS[Action.STAFF],
            N_("Each role takes an order. You hand over a link that works once; you never learn a password."),
        ),
        Task(
            N_("See how the system is"),
            "/administration",
            PERMISSIONS[Action.SYSTEM],
            N_("Search, worker, index, backups and the last drill, imports, and the settings in force."),
        ),
        Task(
            N_("Announce maintenance"),
            "/administration/maintenance",
            PERMISSIONS[Action.SYSTEM],
            N_("From when to when and why. Readers are told beforehand and sent back meanwhile; staff can work."),
        ),
    ),
)
ACCOUNT = Room(
    N_("Your account"),
    (
        Task(
            N_("See and guard your account"),
            "/account",
            _EVERYBODY,
            N_("Under your name at the head of every page: the password, and where you are signed in."),
        ),
        Task(
            N_("Set up the second factor"),
            "/account/second-factor",
            APPOINTED,
            N_("Take the picture with an authenticator application, type its figures, print the codes on paper."),
        ),
    ),
)
ROOMS = (READING, ARCHIVE, CATALOGUING, FILES, APPROVAL, WHOLE, COPIES, READERS, HOUSE, ACCOUNT)
