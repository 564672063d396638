"""Article → claims: mentions, events and fact rules in their order."""

from __future__ import annotations

from dataclasses import dataclass, replace

from migkg.extract.claims import Claim
from migkg.extract.mentions import Reading
from migkg.extract.tracking import Events
from migkg.model import Article
from migkg.reference import Reference


@dataclass(frozen=True, slots=True)
class Claims:
    """What the rules read in one article, before resolution."""

    reading: Reading
    events: Events
    claims: tuple[Claim, ...]


def extract(article: Article, reference: Reference) -> Claims | None:
    """Read one article.

    :returns: None when the article is in a language that migkg does not read.
    """
    from migkg.extract.document import read_document
    from migkg.extract.facts import RULES
    from migkg.extract.facts.events import dateline_claims, lead_claims
    from migkg.extract.facts.policies import profiles
    from migkg.extract.facts.rules import run
    from migkg.extract.facts.sessions import session_claims
    from migkg.extract.facts.statements import statements
    from migkg.extract.lexicon import LANGUAGES, load_lexicon
    from migkg.extract.mentions import read_mentions
    from migkg.extract.tracking import track

    if article.lang not in LANGUAGES:
        return None
    lexicon = load_lexicon(article.lang)
    reading = read_mentions(read_document(article, lexicon), lexicon, reference)
    events = track(reading)
    claims = (
        *run(RULES, reading, events),
        *session_claims(reading, events),
        *profiles(reading),
        *statements(reading, events),
        *dateline_claims(reading, events),
        *lead_claims(reading, events),
    )
    return Claims(reading, events, claims)


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
