"""What the clock does. A shelf: a new job is one new file here, and nothing else edited."""

from collections.abc import Mapping

from mailer import shelf
from mailer.jobs.job import Job

JOBS: Mapping[str, Job] = shelf.collect(__name__, Job, lambda job: (job.name,))  # type: ignore[type-abstract]
