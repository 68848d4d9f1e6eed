"""Risk: a warning sign, and what to do when you see it."""

from mailer.community.kinds import Kind

KIND = Kind(
    name="risk",
    tags=("risk", "risks"),
    title="Risk",
    description="A warning sign, and what to do when you see it.",
    review_months=6,
)
