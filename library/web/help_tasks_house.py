"""Readers, statistics, the house and one's own account: tasks for the help of roles."""

from __future__ import annotations

from library.domain.access import PERMISSIONS, Action
from library.domain.errors import N_
from library.domain.people import APPOINTED
from library.web.help_rooms import EVERYBODY, Room, Task

READERSHIP = Room(
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
STATISTICS = Room(
    N_("Statistics"),
    (
        Task(
            N_("See how the library is used"),
            "/statistics/",
            PERMISSIONS[Action.SEE_STATISTICS],
            N_("Choose the time. Every table can be taken as a file, and all of them as a PDF to be signed."),
        ),
        Task(
            N_("Issue keys to officials"),
            "/statistics/keys",
            PERMISSIONS[Action.STATISTICS_KEYS],
            N_("A key opens the statistics to a program until its day. It is shown once, and can be revoked."),
        ),
        Task(
            N_("See what officials asked for"),
            "/statistics/keys/calls",
            PERMISSIONS[Action.SEE_STATISTICS],
            N_("Every use of every key: when, whose it is, and what was asked."),
        ),
        Task(
            N_("Take reports of COUNTER"),
            "/statistics/counter",
            PERMISSIONS[Action.SEE_STATISTICS],
            N_("Choose a report and months that are over, and take the file as publishers and consortia expect it."),
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
            EVERYBODY,
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
