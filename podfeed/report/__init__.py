"""What was found, for whoever asks: text for people, JSON for scripts, and what code hosts show beside the line."""

from podfeed.report.github import workflow_commands
from podfeed.report.history import history_json, history_text
from podfeed.report.hosting import examination_json, examination_text, verification_json, verification_text
from podfeed.report.log import log_end, log_error, log_publication, log_start
from podfeed.report.plan import differences, plan_json, plan_text
from podfeed.report.publication import publication_faults, publication_line, size
from podfeed.report.sarif import sarif_log
from podfeed.report.scripts import JSON_VERSION, as_json, check_json, diagnostic_values, lint_json, rules_json
from podfeed.report.sentences import check_summary, lint_summary, refused
from podfeed.report.status import status_json, status_text, when_json, when_text
from podfeed.report.terminal import files_table, printable, rule_page, rules_table, statistics_table, table, text, width

__all__ = [
    "JSON_VERSION",
    "as_json",
    "check_json",
    "check_summary",
    "diagnostic_values",
    "differences",
    "examination_json",
    "examination_text",
    "files_table",
    "history_json",
    "history_text",
    "lint_json",
    "lint_summary",
    "log_end",
    "log_error",
    "log_publication",
    "log_start",
    "plan_json",
    "plan_text",
    "printable",
    "publication_faults",
    "publication_line",
    "refused",
    "rule_page",
    "rules_json",
    "rules_table",
    "sarif_log",
    "size",
    "statistics_table",
    "status_json",
    "status_text",
    "table",
    "text",
    "verification_json",
    "verification_text",
    "when_json",
    "when_text",
    "width",
    "workflow_commands",
]
