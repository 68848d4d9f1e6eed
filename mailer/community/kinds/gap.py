"""Gap: something nobody here knows yet."""

from mailer.community.kinds import Kind

KIND = Kind(
    name="gap",
    tags=("gap",),
    title="Gap",
    description="Something nobody here knows yet.",
    review_months=6,
)
