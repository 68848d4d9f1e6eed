"""What a domain wants done with mail that only claims to be its own: DMARC, RFC 9989. Called by `verifying`.

The tree walk of §4.10 stands in the place of a list of public suffixes. `np` is read as `sp`, for whether a name exists
is not asked; `t=y` asks for one step less (§4.7).
"""

from dataclasses import dataclass

from mailer.inbound.resolver import Ask
from mailer.mail.authenticate import Policy
from mailer.mail.domainkeys import tags

LABELS = 8  # a longer name is walked from its last seven labels on (RFC 9989 §4.10)
_LESS: dict[Policy, Policy] = {"reject": "quarantine"}  # else "none"
_WORDS: dict[str, Policy] = {"reject": "reject", "quarantine": "quarantine"}  # else "none"


@dataclass(frozen=True, slots=True)
class Domain:
    """A name with what governs it. `record` is empty where no policy is published."""

    name: str
    organisation: str
    record: dict[str, str]
    owner: str  # whose record it is

    @property
    def policy(self) -> Policy:
        """What is asked for mail from this very name that fails."""
        word = self.record.get("p", "")
        if self.name != self.owner:
            word = self.record.get("sp", word)
        wanted = _WORDS.get(word.lower(), "none")
        return _LESS.get(wanted, "none") if self.record.get("t", "").lower() == "y" else wanted

    def strict(self, method: str) -> bool:
        """Whether only this very name speaks for it: `method` is dkim or spf."""
        return self.record.get(f"a{method}", "r").lower() == "s"


async def governed(ask: Ask, name: str) -> Domain:
    """The name with its organisational domain and the record that holds for it. Raises TryLater."""
    found: dict[str, dict[str, str]] = {}
    for one in _walk(name):
        records = [record for text in await ask(f"_dmarc.{one}", "TXT") or () if (record := _record(text))]
        if len(records) == 1:
            found[one] = records[0]
            if records[0].get("psd", "u").lower() in ("y", "n"):
                break
    organisation = _organisation(name, found)
    owner = next((one for one in (name, organisation, *found) if one in found), "")
    return Domain(name, organisation, found.get(owner, {}), owner)


def _walk(name: str) -> list[str]:
    """The names to ask at, from this one upwards, the top level last."""
    labels = name.split(".")
    above = labels[-(LABELS - 1) :] if len(labels) > LABELS else labels[1:]
    return [name, *(".".join(above[at:]) for at in range(len(above)))]


def _record(text: str) -> dict[str, str] | None:
    """A policy record, or None: it begins with v=DMARC1, in these letters."""
    return tags(text) if text.partition(";")[0].replace(" ", "").replace("\t", "") == "v=DMARC1" else None


def _organisation(name: str, found: dict[str, dict[str, str]]) -> str:
    """§4.10.2: where a record says so, or the highest name that has one."""
    for one, record in found.items():
        if record.get("psd", "").lower() == "n":
            return one
        if record.get("psd", "").lower() == "y" and one != name:
            return ".".join(name.split(".")[-(one.count(".") + 2) :])
    return min(found, key=lambda one: one.count("."), default=name)
