"""Charter: what this community is for."""

from mailer.community.kinds import Kind

KIND = Kind(
    name="charter",
    tags=("charter",),
    title="Charter",
    description="What this community is for.",
    review_months=12,
)
