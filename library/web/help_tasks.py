"""What people do here, where and how: the table that the help of each role is made of; here also what readers do."""

from __future__ import annotations

from library.domain.access import PERMISSIONS, Action
from library.domain.errors import N_
from library.web.help_rooms import CATALOGUERS, READERS, Room, Task
from library.web.help_tasks_house import ACCOUNT, HOUSE, READERSHIP, STATISTICS
from library.web.help_tasks_work import APPROVAL, CATALOGUING, COPIES, FILES, WHOLE

READING = Room(
    N_("Finding and keeping"),
    (
        Task(
            N_("Find a book"),
            "/",
            READERS,
            N_("Type words of the title, an author or an ISBN, in any alphabet. Narrow the results beside them."),
        ),
        Task(
            N_("Look through what there is"),
            "/browse",
            READERS,
            N_("By title, author, subject and class, and what came in last."),
        ),
        Task(
            N_("See whether a copy is here"),
            "",
            READERS,
            N_("“Where is it?” on the page of a record shows where each copy stands and whether it is there."),
        ),
        Task(
            N_("Keep what you found"),
            "/my-list",
            READERS,
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
            CATALOGUERS,
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
ROOMS = (READING, ARCHIVE, CATALOGUING, FILES, APPROVAL, WHOLE, COPIES, READERSHIP, STATISTICS, HOUSE, ACCOUNT)
