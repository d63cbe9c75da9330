"""What was found, for whoever asks: text for people, JSON for scripts, and what code hosts show beside the line."""

from podfeed.report.github import workflow_commands
from podfeed.report.sarif import sarif_log
from podfeed.report.scripts import JSON_VERSION, as_json, check_json, diagnostic_values, lint_json, rules_json
from podfeed.report.sentences import check_summary, lint_summary, refused
from podfeed.report.terminal import files_table, printable, rule_page, rules_table, statistics_table, table, text, width

__all__ = [
    "JSON_VERSION",
    "as_json",
    "check_json",
    "check_summary",
    "diagnostic_values",
    "files_table",
    "lint_json",
    "lint_summary",
    "printable",
    "refused",
    "rule_page",
    "rules_json",
    "rules_table",
    "sarif_log",
    "statistics_table",
    "table",
    "text",
    "width",
    "workflow_commands",
]
