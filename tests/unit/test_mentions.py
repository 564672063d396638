"""Mentions: acts, objectives, money and figures by their form; names, bodies and posts by capitals and head nouns."""

from __future__ import annotations

from decimal import Decimal

import pytest

from migkg.iris import name
from sentences import claims, facts, mentions, printed, rows


def people(text: str, lang: str = "en") -> list[str]:
    """The people that facts speak of."""
    return sorted(entity.labels[0].value for entity in facts(text, lang).entities if entity.kind == "person")


# -- acts

# Numbers that the reference data do not hold: what they hold is found by its name.
EN_ACTS = [
    ("Law No. 77 of 2017", "law", "77", 2017),
    ("Law Number 77 of 2017", "law", "77", 2017),
    ("Law No 77/2017", "law", "77", 2017),
    ("Law 77 of 2017", "law", "77", 2017),
    ("Law Number 77 Year 2017", "law", "77", 2017),
    ("Law of the Republic of Indonesia Number 77 of 2017", "law", "77", 2017),
    ("Law No. 077 of 2017", "law", "77", 2017),
    ("Government Regulation No. 77 of 2021", "pp", "77", 2021),
    ("Government Regulation in Lieu of Law No. 77 of 2022", "perppu", "77", 2022),
    ("Presidential Regulation No. 77 of 2021", "perpres", "77", 2021),
    ("Presidential Decree No. 77 of 2020", "keppres", "77", 2020),
    ("Ministerial Regulation No. 77 of 2022", "permen", "77", 2022),
    ("Regional Regulation No. 77/2021", "perda", "77", 2021),
    ("Act No. 77 of 1999", "act", "77", 1999),
]
ID_ACTS = [
    ("UU No. 77 Tahun 2017", "uu", "77", 2017),
    ("UU 77/2017", "uu", "77", 2017),
    ("Undang-Undang Nomor 77 Tahun 2017", "uu", "77", 2017),
    ("Undang-Undang (UU) Nomor 77 Tahun 2017", "uu", "77", 2017),
    ("PP 77/2021", "pp", "77", 2021),
    ("Peraturan Pemerintah (PP) No. 77 Tahun 2021", "pp", "77", 2021),
    ("Perppu No. 77 Tahun 2022", "perppu", "77", 2022),
    ("Perpres 77 tahun 2021", "perpres", "77", 2021),
    ("Keppres 77/2020", "keppres", "77", 2020),
    ("Permenaker No. 77 Tahun 2023", "permen", "77", 2023),
    ("Perda No. 77 Tahun 2020", "perda", "77", 2020),
]


@pytest.mark.parametrize(
    ("words", "code", "number", "year", "lang"),
    [*((*act, "en") for act in EN_ACTS), *((*act, "id") for act in ID_ACTS)],
)
def test_act_by_number(words: str, code: str, number: str, year: int, lang: str) -> None:
    (act,) = mentions(f"UNODC {words}.", "POLICY", lang)
    assert act.text == words
    assert (act.value.code, act.value.number, act.value.year) == (code, number, year)


def test_two_acts_in_one_sentence() -> None:
    assert printed("They read Law No. 18 of 2017 and Law No. 6 of 2011.", "POLICY") == [
        "Law No. 18 of 2017",
        "Law No. 6 of 2011",
    ]


@pytest.mark.parametrize(
    "text", ["In 2017 the law helped 18 of them.", "A law of 2017 and an act of 18 men.", "UU lama berlaku."]
)
def test_what_is_no_act(text: str) -> None:
    assert printed(text, "POLICY") == []


@pytest.mark.parametrize(
    "words",
    [
        "Undang-Undang Republik Indonesia Nomor 18 Tahun 2017",
        "Peraturan Menteri Ketenagakerjaan Nomor 18 Tahun 2018",
        "Peraturan Daerah Provinsi Jawa Barat Nomor 2 Tahun 2021",
        "Peraturan BP2MI Nomor 9 Tahun 2020",
    ],
)
def test_act_with_its_issuer(words: str) -> None:
    assert printed(f"UNODC membaca {words}.", "POLICY", "id") == [words]


# -- objectives


def objectives(text: str, lang: str = "en") -> list[str]:
    return [name(iri) for mention in mentions(text, "OBJ", lang) for iri in mention.value.iris]


@pytest.mark.parametrize(
    ("words", "expected", "lang"),
    [
        ("GCM objectives no 5 and 7", ["objective-5", "objective-7"], "en"),
        ("GCM objectives no. 5 and no. 7", ["objective-5", "objective-7"], "en"),
        ("GCM Objective 7", ["objective-7"], "en"),
        ("the GCM’s Objective 5", ["objective-5"], "en"),
        ("Objectives 2, 5, and 7 of the GCM", ["objective-2", "objective-5", "objective-7"], "en"),
        ("Objective 5 and Objective 7 of the Global Compact for Migration", ["objective-5", "objective-7"], "en"),
        ("GCM Objectives 5 & 23", ["objective-5", "objective-23"], "en"),
        ("SDG 10.7", ["target-10.7"], "en"),
        ("SDG target 10.7", ["target-10.7"], "en"),
        ("SDG 10", ["goal-10"], "en"),
        ("SDGs 8 and 10", ["goal-8", "goal-10"], "en"),
        ("SDG 8.8, 10.7 and 17", ["target-8.8", "target-10.7", "goal-17"], "en"),
        ("Tujuan 7 GCM", ["objective-7"], "id"),
        ("Tujuan GCM nomor 5 dan 7", ["objective-5", "objective-7"], "id"),
        ("Tujuan 5 dan 7 GCM", ["objective-5", "objective-7"], "id"),
        ("TPB 10.7", ["target-10.7"], "id"),
    ],
)
def test_objectives(words: str, expected: list[str], lang: str) -> None:
    assert objectives(f"UNODC {words}.", lang) == expected


def test_objective_alone_is_of_the_compact_when_the_text_names_it() -> None:
    assert objectives("The GCM matters. They spoke of Objective 23.") == ["objective-23"]
    assert objectives("They spoke of Objective 23.") == []


@pytest.mark.parametrize(
    "words",
    [
        "GCM Objective 24",
        "GCM Objective 0",
        "SDG 18",
        "GCM objective 100",
        "23 objectives of the GCM",
        "GCM objective 5.2",
    ],
)
def test_no_such_objective(words: str) -> None:
    assert objectives(f"They spoke of {words}.") == []


def test_theme_in_brackets() -> None:
    (mention,) = mentions("They spoke of GCM Objective 7 (reduce vulnerabilities in migration).", "OBJ")
    assert mention.value.theme == "reduce vulnerabilities in migration"
    assert mention.text == "GCM Objective 7"


@pytest.mark.parametrize("words", ["GCM Objectives 5 to 7", "GCM Objectives 5-7", "GCM Objectives 5–7"])
def test_range_of_objectives(words: str) -> None:
    assert objectives(f"They spoke of {words}.") == ["objective-5", "objective-6", "objective-7"]


def test_percentage_is_no_objective() -> None:
    assert objectives("The GCM matters. They reached their objective 5%.") == []


def test_target_that_does_not_exist() -> None:
    found = facts("UNODC held a workshop on SDG 1.9.")
    known = {entity.iri for entity in found.entities}
    assert all(iri in known for fact in found.facts for _, iris in fact.roles for iri in iris)


# -- money and figures


@pytest.mark.parametrize(
    ("words", "amount", "currency"),
    [
        ("US$5 million", "5000000", "USD"),
        ("US$ 5 million", "5000000", "USD"),
        ("USD 1.5 million", "1500000", "USD"),
        ("USD5,000,000", "5000000", "USD"),
        ("$5,000,000.50", "5000000.50", "USD"),
        ("US$250 thousand", "250000", "USD"),
        ("EUR 12,50", "12.50", "EUR"),
        ("€1.5 billion", "1500000000", "EUR"),
        ("£300", "300", "GBP"),
        ("A$2 million", "2000000", "AUD"),
        ("IDR 500 billion", "500000000000", "IDR"),
        ("JPY 1,000,000", "1000000", "JPY"),
        ("CHF 20,000", "20000", "CHF"),
    ],
)
def test_money(words: str, amount: str, currency: str) -> None:
    (money,) = mentions(f"They gave {words} to UNODC.", "MONEY")
    assert (money.value.amount, money.value.currency) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("Rp1.500.000,50", "1500000.50"),
        ("Rp 1,5 miliar", "1500000000"),
        ("Rp5 juta", "5000000"),
        ("Rp. 250 ribu", "250000"),
    ],
)
def test_money_in_indonesian(words: str, amount: str) -> None:
    (money,) = mentions(f"Mereka memberi {words} kepada UNODC.", "MONEY", "id")
    assert (money.value.amount, money.value.currency) == (Decimal(amount), "IDR")


@pytest.mark.parametrize(
    ("words", "lang"),
    [
        ("Rp2 triliun", "id"),
        ("US$ 1 trillion", "en"),
        ("US$5-7 million", "en"),
        ("CHF 20’000", "en"),
        ("EUR 20 000", "en"),
        ("US$5 m", "en"),
        ("US$ 3 bn", "en"),
    ],
)
def test_sum_that_is_not_understood_is_not_cut(words: str, lang: str) -> None:
    for money in mentions(f"UNODC {words}.", "MONEY", lang):
        assert money.value.amount >= 20_000


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("45 people", [45]),
        ("1,200 people", [1200]),
        ("12.000 people", [12000]),
        ("1,200,000 people", [1200000]),
        ("two people", [2]),
    ],
)
def test_figures(words: str, expected: list[int]) -> None:
    assert [mention.value for mention in mentions(f"They met {words}.", "NUM")] == expected


@pytest.mark.parametrize(
    "words", ["5% of all", "3.5 of all", "12/13 of all", "COVID-19 cases", "the 4th one", "pages 50-70", "no.18 of all"]
)
def test_what_is_no_count(words: str) -> None:
    assert mentions(f"They met {words}.", "NUM") == []


# -- programmes


@pytest.mark.parametrize(
    "text",
    [
        "They met for the project “Safe Roads for All”.",
        "They met for the “Safe Roads for All” project.",
        'They met for the programme "Safe Roads for All".',
    ],
)
def test_programme_by_its_title(text: str) -> None:
    assert printed(text, "PROG") == ["Safe Roads for All"]


# -- bodies


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("UNODC, the ILO and Migrant CARE", ["UNODC", "ILO", "Migrant CARE"]),
        ("UNODC’s staff and the ILO's staff", ["UNODC", "ILO"]),
        (
            "the Ministry of Labour, Invalids and Social Affairs of Viet Nam",
            ["Ministry of Labour, Invalids and Social Affairs of Viet Nam"],
        ),
        ("the Ministry of Foreign Affairs and Trade", ["Ministry of Foreign Affairs and Trade"]),
        ("the Ministry of Health and the Ministry of Trade", ["Ministry of Health", "Ministry of Trade"]),
        ("the Manpower Department of Central Java", ["Manpower Department of Central Java"]),
        ("the Directorate General of Immigration", ["Directorate General of Immigration"]),
        ("Gadjah Mada University", ["Gadjah Mada University"]),
        ("the Harbour Workers Alliance and Coast Fishers Union", ["Harbour Workers Alliance", "Coast Fishers Union"]),
        ("the Bank of Harbour Town", ["Bank of Harbour Town"]),
        ("the Government of Japan and the Embassy of Ghana", ["Government of Japan", "Embassy of Ghana"]),
    ],
)
def test_bodies(words: str, expected: list[str]) -> None:
    assert printed(f"They met {words}.", "ORG") == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Kementerian Luar Negeri dan Badan Pusat Statistik", ["Kementerian Luar Negeri", "Badan Pusat Statistik"]),
        ("Dinas Tenaga Kerja Kota Semarang", ["Dinas Tenaga Kerja Kota Semarang"]),
        ("Universitas Gadjah Mada", ["Universitas Gadjah Mada"]),
        (
            "Pemerintah Provinsi Jawa Tengah dan Pemerintah Kota Semarang",
            ["Pemerintah Provinsi Jawa Tengah", "Pemerintah Kota Semarang"],
        ),
        ("Yayasan Maju Bersama", ["Yayasan Maju Bersama"]),
    ],
)
def test_bodies_in_indonesian(words: str, expected: list[str]) -> None:
    assert printed(f"Mereka bertemu {words}.", "ORG", "id") == expected


@pytest.mark.parametrize(
    "text", ["The central bank met the ministry.", "They met unodc and iom.", "Those who came met in a school."]
)
def test_common_nouns_are_no_bodies(text: str) -> None:
    assert printed(text, "ORG") == []


@pytest.mark.parametrize(
    "body",
    [
        "Ministry of Health",
        "Institute of Ocean Management",
        "Harbour Workers Alliance",
        "International Harbour Foundation",
    ],
)
def test_body_at_the_start_of_a_sentence(body: str) -> None:
    assert printed(f"The {body} met.", "ORG") == printed(f"They met the {body}.", "ORG") == [body]


# -- posts


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Rina Sari, Project Coordinator at UNODC,", ["Project Coordinator"]),
        ("Rina Sari, Director of Training at UNODC,", ["Director of Training"]),
        ("Rina Sari, Deputy Director for Labour Migration at UNODC,", ["Deputy Director for Labour Migration"]),
        ("Rina Sari, Ambassador of Japan to Kenya,", ["Ambassador of Japan to Kenya"]),
        ("Rina Sari, Governor of Central Java,", ["Governor of Central Java"]),
        ("Rina Sari, acting director at UNODC,", ["acting director"]),
        ("Senior Programme Officer Rina Sari", ["Senior Programme Officer"]),
        ("The Chief of Mission Rina Sari", ["Chief of Mission"]),
        ("President Rina Sari and Prime Minister Budi Hartono", ["President", "Prime Minister"]),
        ("Rina Sari, lead at UNODC,", []),  # in small letters mostly a verb
    ],
)
def test_posts(words: str, expected: list[str]) -> None:
    assert printed(f"{words} spoke.", "ROLE") == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Rina Sari, Direktur Jenderal Imigrasi,", ["Direktur Jenderal Imigrasi"]),
        ("Rina Sari, Koordinator Proyek UNODC,", ["Koordinator Proyek"]),
        ("Duta Besar Rina Sari", ["Duta Besar"]),
        ("Menteri Luar Negeri Rina Sari", ["Menteri Luar Negeri"]),
        ("Bupati Semarang Rina Sari", ["Bupati Semarang"]),
    ],
)
def test_posts_in_indonesian(words: str, expected: list[str]) -> None:
    assert printed(f"{words} hadir.", "ROLE", "id") == expected


# -- names of people

OF_UNODC = "UNODC met. {}, Head of Office at UNODC, spoke."


@pytest.mark.parametrize(
    ("words", "person"),
    [
        ("Rina Sari", "Rina Sari"),
        ("Ms. Rina Sari", "Rina Sari"),
        ("H.E. Rina Sari", "Rina Sari"),
        ("Prof. Dr. Rina Sari", "Rina Sari"),
        ("Mr. Hartono", "Hartono"),
        ("Rina van der Klaauw", "Rina van der Klaauw"),
        ("Rina binti Budi", "Rina binti Budi"),
        ("Maria de la Cruz", "Maria de la Cruz"),
        ("Rina Sari-Hartono", "Rina Sari-Hartono"),
        ("Rina S. Hartono", "Rina S. Hartono"),
        ("J. K. Hartono", "J. K. Hartono"),
        ("J.K. Hartono", "J.K. Hartono"),
        ("RINA SARI", "RINA SARI"),
        ("Rina SARI", "Rina SARI"),
        ("Nguyễn Văn Anh", "Nguyễn Văn Anh"),
        ("Łukasz Żak", "Łukasz Żak"),
        ("Al-Hassan Ibrahim", "Al-Hassan Ibrahim"),
    ],
)
def test_name(words: str, person: str) -> None:
    assert people(OF_UNODC.format(words)) == [person]


@pytest.mark.parametrize(
    ("words", "person"),
    [
        ("Bapak Budi Hartono", "Budi Hartono"),
        ("Ibu Rina Sari", "Rina Sari"),
        ("Rina Sari, S.H., M.Si.", "Rina Sari"),
        ("Ketut Bagus Wira", "Ketut Bagus Wira"),
        ("Dewi Agung", "Dewi Agung"),
    ],
)
def test_name_in_indonesian(words: str, person: str) -> None:
    assert people(f"UNODC bertemu. {words}, Direktur Pelatihan UNODC, hadir.", "id") == [person]


@pytest.mark.parametrize("words", ["Jean-Pierre N’Diaye", "Kate O'Brien", "Kate O’Brien"])
def test_name_with_an_apostrophe(words: str) -> None:
    assert people(OF_UNODC.format(words)) == [words]


@pytest.mark.parametrize(
    ("words", "person"), [("May Tan", "May Tan"), ("Rina Sari, PhD", "Rina Sari"), ("Ali al-Hassan", "Ali al-Hassan")]
)
def test_name_with_a_word_of_another_kind(words: str, person: str) -> None:
    assert people(OF_UNODC.format(words)) == [person]


@pytest.mark.parametrize("opening", ["Then", "Because", "Then H.E.", "Although", "Besides"])
def test_word_that_opens_a_sentence_is_no_name(opening: str) -> None:
    assert people(f"{opening} Rina Sari said that data matter for all.") == ["Rina Sari"]


@pytest.mark.parametrize(
    "opening", ["However,", "Meanwhile,", "Today", "According to", "Speaking in Bandung,", "When", "As"]
)
def test_other_words_that_open_a_sentence(opening: str) -> None:
    assert set(people(f"{opening} Rina Sari said that data matter for all.")) <= {"Rina Sari"}


@pytest.mark.parametrize(
    "text",
    [
        "They went to San Diego, Buenos Aires and Labuan Bajo.",
        "Central Java and West Java spoke.",
        "Amnesty International and Save the Children spoke.",
        "The Bali Process and the Colombo Process spoke.",
        "The Memorandum of Understanding was signed in May June July.",
        "Executive Summary",
        "The Jakarta Declaration, the Global Compact and the Paris Agreement spoke of it.",
        "Next Steps from UNODC are here.",
        "The International Migrants Day came on Monday.",
    ],
)
def test_what_is_no_person(text: str) -> None:
    assert people(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The Red Cross noted that data matter.",
        "Better Work, a programme of the ILO, stressed that data matter.",
        "Key Findings from UNODC are here.",
        "Rina Sari of Harbour Town said that data matter.",
    ],
)
def test_body_place_or_heading_is_no_person(text: str) -> None:
    assert set(people(text)) <= {"Rina Sari"}


def test_a_headline_names_no_people() -> None:
    title = "Ambassador Rina Sari Opens Workshop On Labour Migration"
    body = (
        "UNODC held a workshop on migration data with forty officials from eight ministries in the capital this week."
    )
    assert people(f"{title}\n{body}") == []


def test_possessive_is_no_part_of_a_name() -> None:
    assert printed("They thank Rina Sari’s team.", "NAME") == ["Rina Sari"]


# -- what belongs together


def test_mentions_never_overlap_and_stand_in_order() -> None:
    text = (
        "Rina Sari, Director of Training at the Ministry of Health, and UNODC (the UN Office on Drugs and Crime) "
        "held a workshop on GCM Objective 7 (reduce vulnerabilities) in Nairobi on 3 May 2021 for US$5 million."
    )
    for line in claims(text).reading.lines:
        for one, other in zip(line.mentions, line.mentions[1:], strict=False):
            assert one.span.end <= other.span.start


def test_no_mention_crosses_a_quotation_mark() -> None:
    text = (
        "“We met the Ministry of Health,” said Rina Sari of Kenya. “UNODC and the ILO know GCM Objective 7,” she said."
    )
    reading = claims(text).reading
    for line in reading.lines:
        for mention in line.mentions:
            crossed = [q for q in reading.document.quotes if q.overlaps(mention.span) and not q.holds(mention.span)]
            assert not crossed


def test_what_stands_in_a_quotation_is_kept_apart() -> None:
    reading = claims("“We met UNODC in Bandung last year,” said Rina Sari.").reading
    assert [m.type for line in reading.lines for m in line.mentions] == ["QUOTE", "NAME"]
    assert [m.text for inside in reading.inner.values() for m in inside if m.type == "ORG"] == ["UNODC"]


def test_categories_of_stakeholders() -> None:
    found = facts(
        "UNODC held a workshop. It was attended by 45 participants from academia, diasporas and civil society."
    )
    assert rows(found, "Attendance", "total", "stakeholderCategory") == [("45", "academia+civil-society+diasporas")]
