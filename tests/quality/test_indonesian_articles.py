"""Made-up Indonesian releases, in the constructions of real ones, with the facts that each must give."""

from __future__ import annotations

import pytest

from migkg.iris import name
from migkg.model import Extraction, Ref
from sentences import facts

ARTICLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "workshop-two-days": (
        'Mataram – Organisasi Internasional untuk Migrasi (IOM) bersama Dinas Tenaga Kerja dan Transmigrasi Provinsi Nusa Tenggara Barat menyelenggarakan lokakarya tentang Indikator Tata Kelola Migrasi (MGI) pada 14-15 Mei 2024 di Hotel Cakra Asri, Mataram. Kegiatan ini dihadiri oleh 64 peserta yang mewakili 21 perangkat daerah. Lokakarya dibuka secara resmi oleh Lalu Wirahadi, Kepala Dinas Tenaga Kerja dan Transmigrasi Provinsi Nusa Tenggara Barat. "Data yang baik adalah awal dari kebijakan yang baik bagi para migran," kata Clara Nordin, Kepala Misi IOM Indonesia, dalam sambutannya. Lokakarya ini merupakan bagian dari program bersama "Desa Tangguh Migrasi" yang didanai oleh Migration Multi-Partner Trust Fund dan dilaksanakan oleh IOM bersama UNDP.',
        (
            "end 2024-05-15",
            "funds mmptf",
            "host id-disnakertrans-ntb",
            "host iom",
            "opener lalu-wirahadi",
            "place hotel-cakra-asri",
            "post clara-nordin | Kepala Misi | iom-indonesia",
            "post lalu-wirahadi | Kepala | id-disnakertrans-ntb",
            "says clara-nordin",
            "speaker clara-nordin",
            "start 2024-05-14",
            "total 64",
        ),
    ),
    "office-briefing": (
        'Ende, KemenP2MI (7/3) – Balai Pelayanan Pelindungan Pekerja Migran Indonesia (BP3MI) Nusa Tenggara Timur menggelar Sosialisasi Pencegahan Penempatan Nonprosedural di Aula Kantor Camat Ndona, Kabupaten Ende, Jumat (7/3/2025).\nKegiatan ini diikuti oleh 85 peserta yang terdiri dari kepala desa, tokoh agama, dan calon pekerja migran. Acara dibuka oleh Camat Ndona, Yosefina Dhae. Turut hadir Kepala Dinas Sosial Kabupaten Ende, Markus Wangge; Kapolres Ende, AKBP Dedi Suhartono; dan Kepala Desa Manulondo, Petrus Seda.\nKepala BP3MI Nusa Tenggara Timur, Rudolf Manek, mengungkapkan bahwa banyak warga berangkat tanpa dokumen. "Jangan mudah percaya kepada calo yang menjanjikan gaji besar," ujar Rudolf.',
        (
            "attendee dedi-suhartono",
            "attendee markus-wangge",
            "attendee petrus-seda",
            "host balai-pelayanan-pelindungan-pekerja-migran-indonesia-nusa-tenggara-timur",
            "opener yosefina-dhae",
            "place aula-kantor-camat-ndona",
            "post dedi-suhartono | Kapolres Ende | ",
            "post markus-wangge | Kepala | dinas-sosial-kabupaten-ende",
            "post petrus-seda | Kepala Desa Manulondo | ",
            "post rudolf-manek | Kepala | id-bp3mi-ntt",
            "post yosefina-dhae | Camat Ndona | ",
            "says rudolf-manek",
            "start 2025-03-07",
            "total 85",
        ),
    ),
    "ministers-sign": (
        'Jakarta (ANTARA) - Menteri Pelindungan Pekerja Migran Indonesia Handoko Wiryawan dan Gubernur Jawa Timur Lestari Ningrum menandatangani nota kesepahaman tentang pelatihan calon pekerja migran di Gedung Negara Grahadi, Surabaya, Kamis (5/6/2025).\n"Kerja sama ini membuka jalan bagi penempatan yang aman dan bermartabat," kata Handoko usai penandatanganan.\nMenurut Lestari, Pemerintah Provinsi Jawa Timur telah menyiapkan anggaran Rp12 miliar untuk balai latihan kerja. Ia menambahkan, pelatihan dimulai bulan depan. "Kami siap," tuturnya.',
        (
            "place gedung-negara-grahadi",
            "post handoko-wiryawan | Menteri Pelindungan Pekerja Migran Indonesia | id-kp2mi",
            "post lestari-ningrum | Gubernur Jawa Timur | ",
            "says handoko-wiryawan",
            "says lestari-ningrum",
            "start 2025-06-05",
        ),
    ),
    "immigration-meeting": (
        'SINGKAWANG – Kantor Imigrasi Kelas II TPI Singkawang menggelar Rapat Koordinasi Tim Pengawasan Orang Asing (Tim Pora) Tingkat Kabupaten Bengkayang bertempat di Hotel Lala Golden, Rabu (21/8).\nRapat tersebut dibuka oleh Kepala Divisi Keimigrasian Kantor Wilayah Kementerian Hukum dan HAM Kalimantan Barat, Drs. H. Tarmizi Abdullah, M.Si., dan dihadiri oleh 33 perwakilan dari 18 instansi. Kepala Kantor Imigrasi Kelas II TPI Singkawang, Agung Prayitno, dalam laporannya menyampaikan bahwa pengawasan orang asing membutuhkan kerja sama semua pihak. Hadir sebagai narasumber Kasat Intelkam Polres Bengkayang, AKP Samuel Tanjung, dan Kepala Badan Kesbangpol Kabupaten Bengkayang, Dra. Hj. Nurlela, M.M.\n"Kami berharap koordinasi antarinstansi makin erat," harapnya.',
        (
            "host kantor-imigrasi-kelas-ii-tpi-singkawang",
            "opener tarmizi-abdullah",
            "place hotel-lala-golden",
            "post agung-prayitno | Kepala | kantor-imigrasi-kelas-ii-tpi-singkawang",
            "post nurlela | Kepala | badan-kesbangpol-kabupaten-bengkayang",
            "post samuel-tanjung | Kasat Intelkam | polres-bengkayang",
            "post tarmizi-abdullah | Kepala Divisi Keimigrasian | kantor-wilayah-kementerian-hukum-dan-ham-kalimantan-barat",
            "speaker nurlela",
            "speaker samuel-tanjung",
            "total 33",
        ),
    ),
    "village-training": (
        'Kupang, KemenP2MI (14/8) – Balai Pelayanan Pelindungan Pekerja Migran Indonesia (BP3MI) Nusa Tenggara Timur bersama IOM Indonesia menggelar Bimbingan Teknis Desa Migran Aman di Aula El Tari, Kupang, Kamis (14/8/2025).\nKegiatan ini diikuti oleh 60 kepala desa dari tujuh kabupaten. Bimbingan teknis dibuka secara resmi oleh Penjabat Gubernur Nusa Tenggara Timur, Dr. Yohanes Kelen, M.Si. Hadir sebagai narasumber Kepala Dinas Koperasi, Tenaga Kerja dan Transmigrasi Provinsi Nusa Tenggara Timur, Sofia Bano, dan Koordinator Program IOM Indonesia, Bagas Pradono. Turut hadir Direktur Lembaga Bantuan Hukum Flobamora Maria Goreti.\n"Desa adalah benteng pertama bagi warga yang hendak bekerja ke luar negeri," ujar Yohanes dalam sambutannya.',
        (
            "host balai-pelayanan-pelindungan-pekerja-migran-indonesia-nusa-tenggara-timur",
            "host iom-indonesia",
            "opener yohanes-kelen",
            "place aula-el-tari",
            "post bagas-pradono | Koordinator Program | iom-indonesia",
            "post sofia-bano | Kepala | dinas-koperasi-tenaga-kerja-dan-transmigrasi-provinsi-nusa-tenggara-timur",
            "post yohanes-kelen | Penjabat Gubernur Nusa Tenggara Timur | ",
            "says yohanes-kelen",
            "speaker bagas-pradono",
            "speaker sofia-bano",
            "speaker yohanes-kelen",
            "start 2025-08-14",
        ),
    ),
    "press-report": (
        'JAKARTA, WARTAKITA.com – Direktur Pelindungan WNI Kementerian Luar Negeri RI Ratih Anggraini mengatakan pemerintah akan memperkuat layanan bagi pekerja migran di Timur Tengah.\nHal itu disampaikan Ratih dalam diskusi publik yang digelar Migrant CARE bekerja sama dengan Universitas Indonesia di Jakarta, Rabu (12/6/2024). Menurut dia, aduan kekerasan naik dua kali lipat.\n"Kami membuka layanan aduan selama 24 jam," kata Ratih. Acara itu turut dihadiri Ketua Umum Serikat Buruh Migran Indonesia Tono Suparno dan anggota Komisi IX DPR RI Laila Hasanah.',
        (
            "attendee laila-hasanah",
            "attendee tono-suparno",
            "host id-ui",
            "host migrant-care",
            "place id-jk",
            "post laila-hasanah | anggota | komisi-ix",
            "post ratih-anggraini | Direktur Pelindungan WNI | id-kemlu-pwni",
            "post tono-suparno | Ketua Umum | sbmi",
            "says ratih-anggraini",
            "start 2024-06-12",
        ),
    ),
    "guest-lecture": (
        "Malang – Universitas Brawijaya menyelenggarakan kuliah umum bertajuk “Migrasi dan Masa Depan Kerja” di Auditorium Widyaloka, Selasa (5/3/2024). Kuliah umum tersebut menghadirkan Prof. Dr. Hendra Wibisana, S.H., M.H., Guru Besar Universitas Airlangga, dan Lusi Kartika, peneliti Badan Riset dan Inovasi Nasional, dan dimoderatori oleh Dimas Arya. Acara ditutup oleh Dekan Fakultas Hukum Universitas Brawijaya, Aan Sutrisno.",
        (
            "host id-ub",
            "moderator dimas-arya",
            "place auditorium-widyaloka",
            "post aan-sutrisno | Dekan | fakultas-hukum",
            "post hendra-wibisana | Guru Besar | id-unair",
            "speaker hendra-wibisana",
            "speaker lusi-kartika",
            "start 2024-03-05",
        ),
    ),
    "semicolon-dateline": (
        'Tangerang, Humas_Info; Direktorat Jenderal Imigrasi menyelenggarakan sosialisasi pencegahan perdagangan orang di Gedung Serbaguna Cisadane, Selasa (4/2/2025). Sosialisasi ini dihadiri oleh 120 peserta dari 15 kelurahan. Kegiatan dibuka oleh Wali Kota Tangerang, H. Fauzan Adnan. Ia didampingi Kepala Kantor Imigrasi Kelas I Non TPI Tangerang, Wisnu Bramasta. "Warga perlu tahu jalur yang benar sebelum berangkat," kata Wisnu.',
        (
            "host id-ditjen-imigrasi",
            "opener fauzan-adnan",
            "place gedung-serbaguna-cisadane",
            "post fauzan-adnan | Wali Kota Tangerang | ",
            "says wisnu-bramasta",
            "start 2025-02-04",
            "total 120",
        ),
    ),
    "cooperation-first": (
        "Makassar, 9 Oktober 2024. Bekerja sama dengan UNDP, Pemerintah Provinsi Sulawesi Selatan mengadakan rapat koordinasi di Hotel Losari Indah pada 9-10 Oktober 2024. Rapat ini diikuti oleh 45 orang. Migrant CARE diwakili oleh Koordinator Advokasi, Andi Tenri. Sekretaris Daerah Provinsi Sulawesi Selatan Baso Ramli membuka rapat tersebut secara resmi. Baso menegaskan bahwa data migrasi harus terbuka.",
        (
            "attendee andi-tenri",
            "end 2024-10-10",
            "host id-pemprov-sulawesi-selatan",
            "host undp",
            "opener baso-ramli",
            "place hotel-losari-indah",
            "post andi-tenri | Koordinator Advokasi | migrant-care",
            "post baso-ramli | Sekretaris Daerah Provinsi Sulawesi Selatan | ",
            "says baso-ramli",
            "start 2024-10-09",
            "total 45",
        ),
    ),
    "agency-first": (
        'SUARADESA.CO, Indramayu - Serikat Buruh Migran Indonesia (SBMI) menggelar pelatihan bagi purna pekerja migran di Balai Desa Juntinyuat, Sabtu (18/5/2024). Pelatihan ini didanai oleh Uni Eropa. Turut hadir Camat Juntinyuat Asep Suherman, Kapolsek Juntinyuat, Iptu Dadang Hidayat, dan Ketua SBMI Indramayu, Juwarih. "Kami ingin para purna punya usaha sendiri," tutur Juwarih.',
        (
            "attendee asep-suherman",
            "attendee dadang-hidayat",
            "funds eu",
            "host sbmi",
            "place balai-desa-juntinyuat",
            "start 2024-05-18",
        ),
    ),
    "day-in-brackets": (
        "Yogyakarta (28/11) – Fakultas Ilmu Sosial dan Politik Universitas Gadjah Mada bersama Kementerian Luar Negeri RI menyelenggarakan seminar nasional di Auditorium Mandiri, Kamis (28/11/2024). Seminar dibuka oleh Rektor Universitas Gadjah Mada, Prof. Dr. Sekar Ayuningtyas, M.Si. Narasumber seminar antara lain Direktur Pelindungan WNI Kementerian Luar Negeri, Galih Prakoso, dan Ketua Migrant CARE, Wening Astuti. Diskusi dipandu oleh Bima Sakti.",
        (
            "host id-kemlu",
            "host id-ugm",
            "opener sekar-ayuningtyas",
            "place auditorium-mandiri",
            "post galih-prakoso | Direktur Pelindungan WNI | id-kemlu-pwni",
            "post sekar-ayuningtyas | Rektor | id-ugm",
            "post wening-astuti | Ketua | migrant-care",
            "start 2024-11-28",
        ),
    ),
    "audience": (
        "Batam, (7/11) Komnas HAM mengadakan audiensi dengan Pemerintah Kota Batam di Kantor Wali Kota Batam, Kamis (7/11/2024). Audiensi tersebut dipimpin Komisioner Komnas HAM Uli Sinambela. Komisioner Komnas HAM Uli Sinambela mengapresiasi langkah pemerintah kota. Menurut Uli, pelabuhan perlu diawasi lebih ketat.",
        (
            "host id-komnas-ham",
            "host id-pemkot-batam",
            "place kantor-wali-kota-batam",
            "post uli-sinambela | Komisioner | id-komnas-ham",
            "says uli-sinambela",
            "start 2024-11-07",
        ),
    ),
}


def told(found: Extraction) -> set[str]:
    """Hosts, times, places, posts, parts and speakers of an article, as lines of words."""
    lines: set[str] = set()
    for fact in found.facts:
        names = {role: name(iris[0]) for role, iris in fact.roles}
        if fact.kind == "Hosting":
            lines.add(f"host {names['organizer']}")
        elif fact.kind == "Occurrence":
            lines |= {f"{which} {fact.qualifier(which)[0]}" for which in ("start", "end") if fact.qualifier(which)}
            lines |= {f"place {names['place']}"} if "place" in names else set()
        elif fact.kind == "Affiliation":
            lines.add(
                f"post {names['member']} | {getattr(fact.qualifier('title')[0], 'value', '') if fact.qualifier('title') else ''} | {names.get('organization', '')}"
            )
        elif fact.kind == "Participation":
            role = fact.qualifier("participationRole")[0]
            lines.add(f"{name(role.iri) if isinstance(role, Ref) else role} {names['participant']}")
        elif fact.kind == "Statement":
            lines.add(f"says {names['speaker']}")
        elif fact.kind == "Attendance" and fact.qualifier("total"):
            lines.add(f"total {fact.qualifier('total')[0]}")
        elif fact.kind == "Funding":
            lines.add(f"funds {names['funder']}")
    return lines


@pytest.mark.parametrize("key", ARTICLES)
def test_made_up_article(key: str) -> None:
    text, expected = ARTICLES[key]
    missing = set(expected) - told(facts(text, "id"))
    assert not missing
