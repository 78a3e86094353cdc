"""The words of the interface for partners that are harvested."""

from __future__ import annotations

from collections.abc import Mapping

from library.domain.errors import N_
from library.domain.partners import PartnerForm, PartnerState, RunKind, RunState, Schedule

FORMS: Mapping[PartnerForm, str] = {
    PartnerForm.OAI_DC: "Dublin Core (oai_dc)",
    PartnerForm.MARC21: "MARC 21",
    PartnerForm.UNIMARC: "UNIMARC, RUSMARC",
}
SCHEDULES: Mapping[Schedule, str] = {
    Schedule.NEVER: N_("only by hand"),
    Schedule.DAILY: N_("every day"),
    Schedule.WEEKLY: N_("every week"),
}
WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
STATES: Mapping[PartnerState, str] = {
    PartnerState.ACTIVE: N_("Harvested"),
    PartnerState.PAUSED: N_("Paused"),
    PartnerState.REMOVING: N_("Being removed"),
    PartnerState.REMOVED: N_("Removed"),
}
KINDS: Mapping[RunKind, str] = {RunKind.HARVEST: N_("Harvest"), RunKind.COMPARE: N_("Comparison")}
RUNS: Mapping[RunState, str] = {
    RunState.RUNNING: N_("Under way"),
    RunState.COMPLETE: N_("Complete"),
    RunState.INTERRUPTED: N_("Goes on later"),
    RunState.FAILED: N_("Failed"),
}
