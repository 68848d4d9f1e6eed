"""Lesson: something somebody learnt that spares others the same trouble."""

from mailer.community.kinds import Kind

KIND = Kind(
    name="lesson",
    tags=(
        "lesson",
        "lessons",
        "lessonlearned",
        "lessonslearned",
        "lernpunkt",
        "leçon",
        "lección",
        "aprendizaje",
        "oppi",
        "урок",
        "教训",
        "教訓",
    ),
    title="Lesson",
    description="Something somebody learnt that spares others the same trouble.",
    review_months=12,
)
