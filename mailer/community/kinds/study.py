"""Study: what a study found, in short."""

from mailer.community.kinds import Kind

KIND = Kind(
    name="study",
    tags=("study", "studies"),
    title="Study",
    description="What a study found, in short.",
    review_months=24,
)
