"""`mailer preview`: a mail as it would arrive, with the facts of its sample; for who writes or translates templates."""

from datetime import UTC, datetime
from pathlib import Path

import click

from mailer.mail.compose import Draft, compose
from mailer.mail.message import Mailbox
from mailer.misread import meant
from mailer.outbound.render import Press, Rendered

MOMENT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)  # the same file for the same template, whenever it is printed


@click.command()
@click.argument("name", required=False, default="")
@click.option("--lang", default="en", show_default=True, help="The reader's language.")
@click.option("--variant", default="", help="One of the sample's variants.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Write .txt, .html and .eml here as well."
)
def preview(name: str, lang: str, variant: str, out: Path | None) -> None:
    """Show the mail NAME as it would arrive; without NAME, list them all."""
    press = Press()
    if not name:
        for each in press.names:
            click.echo(" ".join([each, *(f"--variant {one}" for one in press.variants(each) if one)]))
        return
    if name not in press.names:
        hint = meant(name, press.names) or f"; there are: {', '.join(press.names)}"
        raise click.BadParameter(f"there is no {name}{hint}")
    if variant not in press.variants(name):
        raise click.BadParameter(f"{name} has no variant {variant}; it has: {', '.join(press.variants(name)[1:])}")
    facts = press.sample(name, variant, lang)
    mail = press.render(name, lang, facts)
    click.echo(f"{press.source(name, lang)}\n\nSubject: {mail.subject}\n\n{mail.text}", nl=False)
    if out:
        for path in _write(out, "-".join(part for part in (name, variant, lang) if part), mail, facts):
            click.echo(f"wrote {path}", err=True)


def _write(out: Path, stem: str, mail: Rendered, facts: dict[str, dict[str, str]]) -> list[Path]:
    """The mail as three files, which any mail client or browser opens."""
    out.mkdir(parents=True, exist_ok=True)
    community, person = facts["community"], facts["person"]
    draft = Draft(
        sender=Mailbox(community["title"], community["help_address"]),
        to=(Mailbox(person["name"], person["address"]),),
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        message_id=f"{stem}.preview@{community['address'].rpartition('@')[2]}",
        date=MOMENT,
    )
    files = {".txt": mail.text.encode(), ".html": mail.html.encode(), ".eml": compose(draft)}
    for ending, content in files.items():
        (out / f"{stem}{ending}").write_bytes(content)
    return [out / f"{stem}{ending}" for ending in files]
