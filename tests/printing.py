"""One press for all tests of a process: to load and try every template takes longer than most tests."""

import functools

from mailer.outbound.render import Press

press = functools.cache(Press)
