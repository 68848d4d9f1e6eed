"""Checklist: steps to tick, in order."""

from mailer.community.kinds import Kind

KIND = Kind(
    name="checklist",
    tags=("checklist", "checklists"),
    title="Checklist",
    description="Steps to tick, in order.",
    review_months=12,
)
