"""Win: something that went well."""

from mailer.community.kinds import Kind

KIND = Kind(
    name="win",
    tags=("win",),
    title="Win",
    description="Something that went well.",
)
