"""Request: something somebody is looking for."""

from mailer.community.kinds import Kind

KIND = Kind(
    name="request",
    tags=("request", "wanted"),
    title="Request",
    description="Something somebody is looking for.",
    review_months=1,
)
