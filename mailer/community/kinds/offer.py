"""Offer: something to give, lend or pass on."""

from mailer.community.kinds import Kind

KIND = Kind(
    name="offer",
    tags=("offer",),
    title="Offer",
    description="Something to give, lend or pass on.",
    review_months=1,
)
