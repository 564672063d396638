"""`languages`: which language a text is in."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from migkg import languages, resources
from migkg.errors import DataError
from migkg.languages import guess_language
from migkg.readers.base import LANGUAGES


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The guild and the council have signed an agreement that protects the crews."),
        ("en", "IOM and MOFA held a Public Discussion to Strengthen Migration Governance"),
        ("en", "Crews from five islands met with their ministers for talks about fees."),
        ("en", "Ministry of Manpower and Indonesian Migrant Workers Protection Agency launch a guide for villages"),
        ("id", "Serikat dan dewan menandatangani perjanjian yang melindungi awak kapal dari pungutan."),
        ("id", "Kementerian Luar Negeri dan IOM gelar diskusi publik untuk tata kelola migrasi"),
        ("id", "Direktur mengatakan bahwa para pekerja harus memahami kontrak mereka di pelabuhan."),
        ("id", "Program Migration Governance for Sustainable Development diluncurkan oleh IOM di Jakarta dan Bali"),
        (None, "Le conseil et la guilde ont signé un accord qui protège les équipages contre les frais abusifs."),
        (None, "El consejo y el gremio firmaron un acuerdo que protege a las tripulaciones de las tarifas injustas."),
        (None, "Der Rat und die Gilde haben ein Abkommen unterzeichnet, das die Mannschaften vor Gebühren schützt."),
        (None, "De raad en het gilde hebben een akkoord getekend dat de bemanning van het schip beschermt."),
        (None, "O conselho e a guilda assinaram um acordo que protege as tripulações no porto para sempre."),
        (None, "Il consiglio e la gilda di mare hanno firmato un accordo che protegge gli equipaggi del mare."),
        (None, "Ang konseho at ang samahan ay lumagda sa kasunduan na nagpoprotekta sa mga tripulante sa pantalan."),
        (None, "Rådet og lauget har underskrevet en aftale for at beskytte besætninger mod gebyrer i havnen."),
        (None, "Совет и гильдия подписали соглашение, которое защищает экипажи от сборов."),
        (None, "理事会与行会签署了保护船员的协议。"),
        (None, "Crews"),
        (None, "1 2 3"),
        (None, ""),
    ],
)  # fmt: skip
def test_languages_are_told_by_their_function_words(lang: str | None, text: str) -> None:
    assert guess_language(text) == lang
    assert guess_language(text.upper()) == lang


def test_malay_is_taken_for_indonesian() -> None:
    """A known limit: the two share nearly all function words."""
    assert (
        guess_language("Majlis dan persatuan itu menandatangani perjanjian yang melindungi anak kapal daripada yuran.")
        == "id"
    )


def test_a_text_in_both_languages_alike_is_in_neither() -> None:
    assert guess_language("The crews met with the council. Para awak bertemu dengan dewan di pelabuhan itu.") is None


def test_the_lists_of_function_words_are_those_of_our_languages() -> None:
    words = languages._languages()[0]
    assert tuple(words) == LANGUAGES
    assert not words["en"] & words["id"]


def test_broken_lists_are_a_data_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "languages.toml"
    broken.write_text("least_share = ")
    monkeypatch.setattr(languages, "resources", SimpleNamespace(path=lambda *_: broken))
    languages._languages.cache_clear()
    try:
        with pytest.raises(DataError, match="function words"):
            guess_language("the")
    finally:
        languages._languages.cache_clear()
    assert resources.path("data", "lexicon", "languages.toml").is_file()
