"""Real mails a second: parsed; parsed, folded and classified. Prints, asserts no time."""

import gzip
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mailer.mail.folding import fold
from mailer.mail.message import Message
from mailer.mail.parse import parse
from mailer.mail.robots import automatic

MAILS = 2000


def read_whole(raw: bytes) -> None:
    found = parse(raw)
    fold(found)
    automatic(found)


@pytest.mark.bench
def test_mails_a_second(corpora: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = corpora / "archives" / "openbmc.hidden.mbox.gz"
    if not archive.is_file():
        pytest.skip(f"no {archive}")
    mails = [raw for raw in re.split(rb"(?m)^From .*\n", gzip.decompress(archive.read_bytes())) if raw.strip()][:MAILS]
    stages: dict[str, Callable[[bytes], Message | None]] = {"parsed": parse, "parsed, folded, classified": read_whole}
    with capsys.disabled():
        for name, stage in stages.items():
            began = time.process_time()
            for raw in mails:
                stage(raw)
            print(f"\n{len(mails) / (time.process_time() - began):8.0f} mails a second {name}", end="")
