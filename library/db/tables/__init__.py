"""All tables, in the order in which they depend on one another."""

from library.db.tables.administration import maintenance_windows, settings_versions
from library.db.tables.appeals import appeal_files, appeals
from library.db.tables.authorities import authorities, authority_forms
from library.db.tables.backups import backups
from library.db.tables.batches import batch_items, batches
from library.db.tables.catalogue import (
    copies,
    first_tokens,
    import_runs,
    index_builds,
    origins,
    outbox,
    record_revisions,
    records,
)
from library.db.tables.deposits import deposits
from library.db.tables.documents import (
    documents,
    reading_places,
    text_grants,
    transfer_papers,
    transfers,
    viewing_days,
)
from library.db.tables.duplicates import duplicate_keys
from library.db.tables.embargoes import record_embargoes
from library.db.tables.form_templates import form_templates
from library.db.tables.holdings import act_lines, acts
from library.db.tables.open_archive import archive_conversions, archive_items, archive_places
from library.db.tables.partners import (
    partner_records,
    partner_rejects,
    partner_runs,
    partner_standings,
    partner_twins,
    partners,
)
from library.db.tables.people import credentials, failed_attempts, one_time_codes, people, sessions
from library.db.tables.quality import flaw_sweeps, flaws, record_links
from library.db.tables.schema import metadata
from library.db.tables.service_quality import answer_times, watched_minutes
from library.db.tables.statistics import (
    statistics_active_readers,
    statistics_active_sums,
    statistics_changes,
    statistics_followed,
    statistics_held,
)
from library.db.tables.statistics_keys import statistics_calls, statistics_keys
from library.db.tables.targets import targets
from library.db.tables.uploaded_imports import imported_records, uploaded_imports
from library.db.tables.usage import (
    usage_agents,
    usage_day_excluded,
    usage_day_hours,
    usage_day_items,
    usage_day_platform,
    usage_day_readers,
    usage_day_requests,
    usage_day_titles,
    usage_day_visits,
    usage_days,
    usage_dirty_days,
    usage_events,
    usage_month_excluded,
    usage_month_hours,
    usage_month_items,
    usage_month_platform,
    usage_month_readers,
    usage_month_requests,
    usage_month_titles,
    usage_month_visits,
    usage_months,
    usage_queries,
    usage_query_marks,
)
from library.db.tables.work import form_drafts, journal, works

__all__ = [
    "act_lines",
    "acts",
    "answer_times",
    "appeal_files",
    "appeals",
    "archive_conversions",
    "archive_items",
    "archive_places",
    "authorities",
    "authority_forms",
    "backups",
    "batch_items",
    "batches",
    "copies",
    "credentials",
    "deposits",
    "documents",
    "duplicate_keys",
    "failed_attempts",
    "first_tokens",
    "flaw_sweeps",
    "flaws",
    "form_drafts",
    "form_templates",
    "import_runs",
    "imported_records",
    "index_builds",
    "journal",
    "maintenance_windows",
    "metadata",
    "one_time_codes",
    "origins",
    "outbox",
    "partner_records",
    "partner_rejects",
    "partner_runs",
    "partner_standings",
    "partner_twins",
    "partners",
    "people",
    "reading_places",
    "record_embargoes",
    "record_links",
    "record_revisions",
    "records",
    "sessions",
    "settings_versions",
    "statistics_active_readers",
    "statistics_active_sums",
    "statistics_calls",
    "statistics_changes",
    "statistics_followed",
    "statistics_held",
    "statistics_keys",
    "targets",
    "text_grants",
    "transfer_papers",
    "transfers",
    "uploaded_imports",
    "usage_agents",
    "usage_day_excluded",
    "usage_day_hours",
    "usage_day_items",
    "usage_day_platform",
    "usage_day_readers",
    "usage_day_requests",
    "usage_day_titles",
    "usage_day_visits",
    "usage_days",
    "usage_dirty_days",
    "usage_events",
    "usage_month_excluded",
    "usage_month_hours",
    "usage_month_items",
    "usage_month_platform",
    "usage_month_readers",
    "usage_month_requests",
    "usage_month_titles",
    "usage_month_visits",
    "usage_months",
    "usage_queries",
    "usage_query_marks",
    "viewing_days",
    "watched_minutes",
    "works",
]
