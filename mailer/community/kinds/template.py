"""Template: a file or text to start from."""

from mailer.community.kinds import Kind

KIND = Kind(
    name="template",
    tags=("template", "templates"),
    title="Template",
    description="A file or text to start from.",
    review_months=12,
)
