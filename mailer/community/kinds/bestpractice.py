"""Good practice: the way the community does it, as agreed."""

from mailer.community.kinds import Kind

KIND = Kind(
    name="bestpractice",
    tags=("bestpractice", "bestpractices", "goodpractice"),
    title="Good practice",
    description="The way the community does it, as agreed.",
    review_months=12,
)
