"""Rule: what we agreed on how to be with each other."""

from mailer.community.kinds import Kind

KIND = Kind(
    name="rule",
    tags=("rule", "rules"),
    title="Rule",
    description="What we agreed on how to be with each other.",
    review_months=12,
)
