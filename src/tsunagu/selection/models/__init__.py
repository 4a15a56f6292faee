"""The tables of selection."""

from tsunagu.selection.models.applications import Application, Correction, Entry, Extension, Submission
from tsunagu.selection.models.calls import Call, Cutoff
from tsunagu.selection.models.decisions import (
    Batch,
    BatchState,
    Concurrence,
    Condition,
    Decision,
    Opinion,
)

__all__ = [
    "Application",
    "Batch",
    "BatchState",
    "Call",
    "Concurrence",
    "Condition",
    "Correction",
    "Cutoff",
    "Decision",
    "Entry",
    "Extension",
    "Opinion",
    "Submission",
]
