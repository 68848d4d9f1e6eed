"""Question and answer: a question that comes back, with the answer that helped."""

from mailer.community.kinds import Kind

KIND = Kind(
    name="faq",
    tags=("faq",),
    title="Question and answer",
    description="A question that comes back, with the answer that helped.",
    review_months=12,
)
