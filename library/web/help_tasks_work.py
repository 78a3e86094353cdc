"""What those do who work on the catalogue, its files and its copies: tasks for the help of roles."""

from __future__ import annotations

from library.domain.access import PERMISSIONS, Action
from library.domain.errors import N_
from library.web.help_rooms import APPROVERS, AT_WORK, CATALOGUERS, Room, Task

CATALOGUING = Room(
    N_("Cataloguing"),
    (
        Task(
            N_("Catalogue something new"),
            "/cataloguing",
            CATALOGUERS,
            N_("Choose its worksheet on your desk. “Check” names each place that is wrong and leads there."),
        ),
        Task(
            N_("Be spared typing"),
            "/cataloguing",
            CATALOGUERS,
            N_("“Copy this record” stands above a form, “Keep as a template” below it. Templates wait on your desk."),
        ),
        Task(
            N_("Avoid duplicates"),
            "",
            CATALOGUERS,
            N_("Records that may be the same appear while you type, in any alphabet. Open them before you go on."),
        ),
        Task(
            N_("Take a record over from a partner"),
            "/copy-cataloguing",
            CATALOGUERS,
            N_("Search other libraries, look at the record, take it over into a draft. It names where it came from."),
        ),
        Task(
            N_("Submit your work"),
            "/cataloguing",
            CATALOGUERS,
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
            AT_WORK,
            N_("The queue says of each file where it stands, why, and who does what next."),
        ),
        Task(
            N_("Approve files"),
            "/documents?part=to-approve",
            APPROVERS,
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
            AT_WORK,
            N_("What was submitted, by whom and when, with what readers see now beside what is proposed."),
        ),
        Task(
            N_("Approve or return"),
            "/review",
            APPROVERS,
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
            AT_WORK,
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
            APPROVERS,
            N_("Look at the differences, then “Approve and run”. It can be undone as a whole."),
        ),
        Task(
            N_("Approve an import"),
            "/imports",
            APPROVERS,
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
            AT_WORK,
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
            AT_WORK,
            N_("Every copy by its number, and the balance between two days, to read or as a table."),
        ),
        Task(
            N_("Print labels"),
            "/labels",
            AT_WORK,
            N_("For spines or with barcodes, by inventory numbers, by an act or by records. Print without scaling."),
        ),
        Task(
            N_("Print a bulletin of new arrivals"),
            "/bulletin",
            AT_WORK,
            N_("Choose the days and take the PDF. Your own list becomes a bibliography by GOST under “My list”."),
        ),
    ),
)
