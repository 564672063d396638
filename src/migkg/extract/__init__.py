"""Article → claims: mentions, events and fact rules in their order."""

from __future__ import annotations

from dataclasses import dataclass, replace

from migkg import model
from migkg.extract.claims import Claim
from migkg.extract.mention import Mention
from migkg.extract.mentions import Reading
from migkg.extract.tracking import Events
from migkg.model import Agent, Article, Finding
from migkg.reference import Reference


@dataclass(frozen=True, slots=True)
class Claims:
    """What was read in one article, before resolution.

    :param article: as its own text describes it.
    :param readers: those whose claims become facts; the claims of the rules name the events in any case.
    :param findings: what readers had to leave out. :param agents: what read beside the rules.
    :param second: mentions that other readers than the rules found; `reading` holds those that do not clash.
    """

    article: Article
    reading: Reading
    events: Events
    claims: tuple[Claim, ...]
    readers: frozenset[str] = frozenset({model.RULES})
    findings: tuple[Finding, ...] = ()
    agents: tuple[Agent, ...] = ()
    second: tuple[Mention, ...] = ()


def extract(article: Article, reference: Reference) -> Claims | None:
    """Read one article.

    :returns: None when the article is in a language that migkg does not read.
    """
    from migkg.extract.document import read_document
    from migkg.extract.lexicon import LANGUAGES, load_lexicon
    from migkg.extract.mentions import read_mentions
    from migkg.extract.tracking import track

    if article.lang not in LANGUAGES:
        return None
    lexicon = load_lexicon(article.lang)
    reading = read_mentions(read_document(article, lexicon), lexicon, reference)
    events = track(reading)
    return Claims(described(reading), reading, events, claim(reading, events))


def claim(reading: Reading, events: Events) -> tuple[Claim, ...]:
    """All that the fact rules read."""
    from migkg.extract.facts import RULES
    from migkg.extract.facts.funding import funded_words
    from migkg.extract.facts.occurrence import dateline_claims, lead_claims
    from migkg.extract.facts.policies import profiles
    from migkg.extract.facts.rules import run
    from migkg.extract.facts.sessions import session_claims
    from migkg.extract.facts.statements import statements

    return (
        *run(RULES, reading, events),
        *session_claims(reading, events),
        *funded_words(reading),
        *profiles(reading),
        *statements(reading, events),
        *dateline_claims(reading, events),
        *lead_claims(reading, events),
    )

def described(reading: Reading) -> Article:
    """The article with the title and publisher that its text shows, where its source did not state them.

    A site's menu describes whose site it is: the body that the menu's own prose starts with.
    """
    document = reading.document
    article = document.article
    title = article.title or (" ".join(document.title.of(document.text).split()) if document.title else None)
    publisher = article.publisher
    if publisher is None:
        about = [line for line in reading.lines if line.sentence.kind == "about"]
        bodies = [m.text for m in about[0].mentions if m.type == "ORG"] if about else []
        publisher = bodies[0] if bodies else None
    return replace(article, title=title, publisher=publisher)
