"""Made-up press releases for timing: written from parts by a counter, so that every run times the same texts."""

from __future__ import annotations

from pathlib import Path

FIRST = (
    "Rina",
    "Budi",
    "Sari",
    "Dewi",
    "Agus",
    "Maria",
    "John",
    "Amina",
    "Kofi",
    "Elena",
    "Tomas",
    "Nguyen",
    "Fatima",
    "Pedro",
    "Anita",
)
LAST = (
    "Santoso",
    "Wijaya",
    "Hartono",
    "Mensah",
    "Okafor",
    "Silva",
    "Kowalski",
    "Haddad",
    "Suzuki",
    "Lopez",
    "Rahman",
    "Novak",
    "Pratama",
)
BODIES = (
    "International Organization for Migration (IOM)",
    "International Labour Organization (ILO)",
    "UNHCR",
    "UNODC",
    "UN Women",
    "Migrant CARE",
)
MINISTRIES = (
    "Ministry of Foreign Affairs",
    "Ministry of Manpower",
    "Ministry of Home Affairs",
    "Ministry of Health",
    "Ministry of Social Affairs",
)
POSTS = (
    "Director of Labour Migration",
    "Chief of Mission",
    "Programme Manager",
    "Project Coordinator",
    "Senior Adviser",
    "Deputy Minister",
)
PLACES = ("Jakarta", "Bandung", "Semarang", "Surabaya", "Makassar", "Medan", "Denpasar", "Yogyakarta")
EVENTS = ("public discussion", "workshop", "training", "consultation", "seminar", "conference", "policy dialogue")
POLICIES = (
    "the Global Compact for Migration",
    "Law No. 18 of 2017",
    "the Migration Governance Indicators (MGI)",
    "the 2030 Agenda",
    "GCM Objective 7",
)
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
FILLER = (
    "Participants compared notes on how services reach people in districts that many leave and few come back to.",
    "Local officials described the forms, fees and waiting times that families meet before somebody departs.",
    "Several speakers asked for figures that can be compared from one province to the next, and from year to year.",
    "The groups wrote down what each institution can do by itself and what needs another one to agree.",
    "A draft of the recommendations will go around for comments before it is handed to the steering committee.",
    "Returnees spoke about debts, about jobs that ended early, and about the first months after they came home.",
    "It was agreed that information must be given in plain words, early, and by people whom villagers trust.",
)
# What only one article in so many says, so that no question goes unanswered: (one in, sentence).
RARE = (
    (6, "{country} is a champion country of the Global Compact for Migration."),
    (7, "The MGI profile of {country} was developed through several consultations since {month} {year}."),
    (8, "At the {event}, the {body} launched the MGI profile of {country}."),
    (9, "{body_short} has had a presence in {country} since {since}."),
    (10, "The PROMISE programme is implemented by UNODC and the ILO."),
    (11, "The European Union has provided EUR {millions} million for the Safe Harbour Action project."),
    (12, "{country} ratified the Convention on the Rights of the Child."),
    (13, "{body_short} partnered with the {ministry}."),
    (14, "The ILO has promoted decent work since 1919, with {states} member states and offices in over 40 countries."),
    (15, "The Memorandum of Understanding on Nurses was signed by {one}, {post} at the {employer}."),
    (16, "{country} has drafted a national action plan for the GCM."),
)
COUNTRIES = ("Indonesia", "Kenya", "the Philippines", "Colombia", "Ghana", "Bangladesh", "Nepal", "Morocco")


def pick(options: tuple[str, ...], number: int) -> str:
    return options[number % len(options)]


def person(number: int) -> tuple[str, str, str]:
    """Name, post and ministry of a person: few are met often and many once, and each keeps the post."""
    rank = int(len(FIRST) * len(LAST) * (number * 2654435761 % 2**32 / 2**32) ** 4)
    return f"{FIRST[rank % len(FIRST)]} {pick(LAST, rank // len(FIRST))}", pick(POSTS, rank), pick(MINISTRIES, rank // 6)


def article(number: int, *, varied: bool = False) -> str:
    """One article of some 400 words, with front matter.

    :param varied: as questions need them: some say what is rare; one in 25 tells the event of the article before it once
        more, with another number of guests; one in 30 tells of none; some objectives are spoken of much, three never.
    """
    n = number
    again = varied and n % 25 == 24
    told = n - 1 if again else n
    one, post, employer = person(2 * n)
    other, other_post, _ = person(2 * n + 1)
    body, ministry, event, place = pick(BODIES, told), pick(MINISTRIES, told // 2), pick(EVENTS, told // 5), pick(PLACES, told // 7)
    day, month, year = told % 28 + 1, pick(MONTHS, told // 28), 2019 + told % 6
    policy, second = pick(POLICIES, told), pick(POLICIES, n + 2)
    objective = 1 + int(20 * (n * 2654435761 % 2**32 / 2**32) ** 2) if varied else n % 23 + 1
    happened = [
        (f"{place} – The {body} and the {ministry} held a {event} on {policy} in {place} on {day} {month} {year}. "
        f"The event was attended by {20 + n % 180} participants from ministries and agencies, academia and civil society."),
        (f"The {event} was divided into three sessions. The first session discussed GCM Objective {objective}. "
        f"The {event} was supported by the Migration Multi-Partner Trust Fund."),
    ]
    if varied and n % 30 == 29:
        happened = [f"{place} – Figures of the year {year} were published.", f"They speak of GCM Objective {objective}."]
    parts = {
        "country": pick(COUNTRIES, n // 3), "event": event, "body": body, "ministry": ministry, "month": month, "year": year,
        "body_short": pick(("UNODC", "UNHCR", "UN Women"), n), "since": 1950 + n % 60, "millions": 2 + n % 9,
        "states": 180 + n % 8, "one": one, "post": post, "employer": employer,
    }  # fmt: skip
    rare = [sentence.format(**parts) for every, sentence in RARE if varied and n % every == every - 1]
    paragraphs = [
        happened[0],
        " ".join(pick(FILLER, n + i) for i in range(3)),
        (f"“We have learned a great deal from the first year of this work, and {second} gives us a frame to go on with it,” "
        f"said {one}, {post} at the {employer}, in {'her' if n % 2 else 'his'} opening remarks."),
        " ".join(pick(FILLER, n + i) for i in range(3, 6)),
        (f"{other}, {other_post} at UNODC, emphasized the importance of {policy} for the districts around {place}. "
        f"“None of this is possible without the people who keep the registers,” {'he' if n % 2 else 'she'} said."),
        " ".join(pick(FILLER, n + i) for i in range(5, 9)),
        happened[1],
        " ".join([*rare, *(pick(FILLER, n + i) for i in range(2, 6))]),
    ]
    head = f"---\ntitle: A {event} in {place}, number {n}\nurl: https://example.org/news/{n}\npublished: {year}-{told // 28 % 12 + 1:02}-{day:02}\nlang: en\n---\n"
    return head + "\n\n".join(paragraphs) + "\n"


def write(folder: Path, count: int, *, varied: bool = False) -> list[str]:
    """Write the first `count` articles; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        path = folder / f"{number:05}.md"
        path.write_text(article(number, varied=varied), encoding="utf-8")
        paths.append(str(path))
    return paths
