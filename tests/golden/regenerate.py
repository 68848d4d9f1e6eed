"""Writes every golden text anew: `python tests/golden/regenerate.py`. Read the difference before you keep it."""

from pathlib import Path

from mailer.outbound.render import Press

PLACE = Path(__file__).parent


def written(press: Press) -> list[tuple[str, str]]:
    """Language and name of every mail, in each language it is written in."""
    every = [(language, name) for language in press.languages for name in press.names]
    return [(language, name) for language, name in every if press.speaks(name, language) == language]


def file_of(language: str, name: str, variant: str) -> Path:
    return PLACE / language / (f"{name}--{variant}.txt" if variant else f"{name}.txt")


def goldens(press: Press) -> dict[Path, str]:
    """File -> text, for every mail in every language it is written in, and every variant of its sample."""
    found = {}
    for language, name in written(press):
        for variant in press.variants(name):
            mail = press.render(name, language, press.sample(name, variant, language))
            found[file_of(language, name, variant)] = f"Subject: {mail.subject}\n\n{mail.text}"
    return found


if __name__ == "__main__":
    wanted = goldens(Press())
    for path, text in wanted.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    for stray in set(PLACE.glob("*/*.txt")) - set(wanted):
        stray.unlink()
