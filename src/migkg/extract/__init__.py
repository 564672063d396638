"""Article → claims: mentions, events and fact rules in their order."""

from __future__ import annotations

from dataclasses import dataclass

from migkg.extract.claims import Claim
from migkg.extract.tracking import Events
from migkg.extract.mentions import Reading
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
