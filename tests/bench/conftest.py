"""After a run: one table of all figures that were kept."""

import figures
import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if figures.kept:
        terminalreporter.section("figures")
        for line in figures.table():
            terminalreporter.write_line(line)
