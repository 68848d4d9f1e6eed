"""Idea: something worth trying."""

from mailer.community.kinds import Kind

KIND = Kind(
    name="idea",
    tags=("idea", "ideas"),
    title="Idea",
    description="Something worth trying.",
    review_months=6,
)
