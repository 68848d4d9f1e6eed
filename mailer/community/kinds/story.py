"""Story: what happened, told by the one who was there."""

from mailer.community.kinds import Kind

KIND = Kind(
    name="story",
    tags=("story", "stories"),
    title="Story",
    description="What happened, told by the one who was there.",
)
