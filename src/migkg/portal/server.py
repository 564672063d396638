"""Rules for Apache: an IRI leads by 303 to its page or its data, by what the client accepts and in which language.

Cool URIs for the Semantic Web (W3C Note of 2008, section 4.2) for the data; the ontology has hash IRIs, whose document
is negotiated. Two files of the same rules: `.htaccess` for the server on which the files lie, `w3id/.htaccess` for a
service of permanent addresses (as w3id.org) that leads there, so that the site may lie on a server without rules.

Apache cannot compare the weights of an Accept header (RFC 9110, section 12.5.1) in a rule. So: HTML wins where it is
accepted without a weight, as browsers say; else Turtle, then JSON-LD, each first where it has no weight; else HTML.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from migkg.pages.links import DATA, LANGUAGES
from migkg.portal.release import Release

_HTML = r"(?:text/html|application/xhtml\+xml)"
_WHOLE = r"\s*(?:;\s*q=1(?:\.0*)?\s*)?(?:,|$)"  # without a weight, or with the weight 1
_SOME = r"(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))"  # with any weight but none
_MEDIA = {".ttl": r"(?:text/turtle|application/x-turtle)", ".jsonld": r"application/(?:ld\+)?json"}
_DATA = r"^((?:id|scheme)/.*[^/]|ont(?:/[^/]+)?)$"

_HEAD = """# Written by migkg. Needs mod_rewrite; mod_headers is of use.
Options -Indexes -MultiViews
DirectorySlash Off
DirectoryIndex index.html
"""
_TYPES = """AddDefaultCharset utf-8
AddType "text/html; charset=utf-8" .html
AddType "text/css; charset=utf-8" .css
AddType "text/javascript; charset=utf-8" .js
AddType image/svg+xml .svg
AddLanguage id .id
"""
# The rule sees the path inside the folder of this file; the rest of the address is where that folder is.
_BASE = r"""# Where this file lies.
RewriteCond "%{REQUEST_URI}::$1" "^(.*?/)(.*)::\2$"
RewriteRule "^(.*)$" "-" [E=BASE:%1]
"""
_HEADERS = """<IfModule mod_headers.c>
Header always set Access-Control-Allow-Origin "*"
Header always merge Vary "Accept"
Header always merge Vary "Accept-Language"
</IfModule>
"""


def own_rules(release: Release) -> str:
    """`.htaccess` of the server on which the files lie, in any folder of it."""
    root = urlsplit(release.site).path
    types = "".join(f'AddType "{media}; charset=utf-8" {suffix}\n' for suffix, media in DATA.items())
    pages = "".join(
        f'RewriteCond "%{{HTTP:Accept-Language}}" "{_prefers(lang)}" [NC]\n'
        f'RewriteRule "^$" "%{{ENV:BASE}}index.{lang}.html" [R=302,L,E=MIGKG:1]\n'
        for lang in LANGUAGES[1:]
    )
    return "\n".join((
        _HEAD + _TYPES + types + f"ErrorDocument 404 {quote(root)}404.html\n", _HEADERS,
        "RewriteEngine On\n", _BASE,
        "# The first page, in the language that is wished for; what is asked for by name stays what it is.\n" + pages,
        _rules("%{ENV:BASE}"),
    ))  # fmt: skip


def permanent_rules(release: Release) -> str:
    """`.htaccess` of a service of permanent addresses, in the folder that the IRIs of the data begin with."""
    site = release.site.replace("%", r"\%")
    rest = f'# All other files.\nRewriteRule "^(.*)$" "{site}$1" [R=302,L]\n'
    head = "# Written by migkg. Leads from permanent addresses to the site that has the files.\nRewriteEngine On\n"
    return "\n".join((head, _HEADERS, _BASE, _rules(site), rest))


def _rules(target: str) -> str:
    """The rules that negotiate. :param target: address of the site."""
    blocks = []
    # What is asked for as a browser asks it comes first: most requests are.
    wishes = [
        *((f".{lang}.html", [f"{_HTML}{_WHOLE}"], _prefers(lang)) for lang in LANGUAGES[1:]),
        (".html", [f"{_HTML}{_WHOLE}"], ""),
        *((suffix, [media + _WHOLE], "") for suffix, media in _MEDIA.items()),
        *((suffix, [media + _SOME], "") for suffix, media in _MEDIA.items()),
        *((f".{lang}.html", [], _prefers(lang)) for lang in LANGUAGES[1:]),
        (".html", [], ""),
    ]
    for suffix, accepted, language in wishes:
        lines = [f'RewriteCond "%{{HTTP:Accept}}" "{pattern}" [NC]' for pattern in accepted]
        lines += [f'RewriteCond "%{{HTTP:Accept-Language}}" "{language}" [NC]'] if language else []
        lines += [_NO_FILE, _AS_ASKED]
        lines += [f'RewriteRule "{_DATA}" "{target}%2{suffix}" [R=303,L]']
        blocks.append("\n".join(lines) + "\n")
    return "# A thing is no file: its IRI leads to a page or to data.\n" + "\n".join(blocks)


_NO_FILE = r'RewriteCond "%{REQUEST_URI}" "!\.(?:html|ttl|jsonld)$"'
# What is percent-encoded in an IRI is so in the name of its file too, so it is taken from the request as it was sent.
_AS_ASKED = r'RewriteCond "%{ENV:BASE}::%{THE_REQUEST}" "^(.*)::\S+ \1([^?\s]+)"'


def _prefers(lang: str) -> str:
    """A pattern for clients that name this language, and no other of ours before it."""
    others = "|".join(other for other in LANGUAGES if other != lang)
    return rf"^(?:(?!\b(?:{others})\b).)*\b{lang}\b"
