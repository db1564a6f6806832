"""Names and other values that normalisations trip over, for comparing two of them."""

NAMES = (
    *("", " ", "-", "Ann", "Ann Example", "Example, Ann", "ANN  EXAMPLE"),
    *("Dr. Ann Example OBE", "Zoë O'Neill", "Zoë O’Neill", "ZOE ONEILL", "Bo Øvrebø"),
    *("Łukasz Żółć", "Þóra Æsir", "Straße", "Ann-Marie Smith-Jones"),
    *("Jean Claude van der Berg", "Maria de la Cruz", "al-Hassan", "Mc Donald", "Bill Smith"),
    *("William Smith", "Kasia Nowak", "Mohd Ali", "Sam Lee", "X Æ A-12", "Ng", "Wu Ng Li"),
    *("王小明", "Иван Петров", "محمد علي", "דוד כהן", "ก ข", "ﬁona", "Ａｎｎ", "Anne\u0301"),
    *("Ann\xa0Bell", "\u202eAnn\u202c Bell", "Ann\u200bBell", "\ufeffAnn Bell", "Ann\x00Bell"),
    *("Ann\tBell", "Ann\nBell", "unknown", "Unknown Unknown", "N/A", "Not Given", "mr"),
    *("Mr Mr", "jr", "a b c d e f g h", "🙂 Bell", "x" * 199 + " y", "x" * 200, "x" * 201),
    *("a " * 150, "," * 50, "-" * 50, "'" * 50, "İstanbul", "ﬃ", "A" + "\u0301" * 80),
    *("O O O O", "van der", "de", "St John", "Anne, Bell, Carr", "Bell,", ",Bell"),
    *("Alexandra-Alexis Bell-Carr-Dunn-Eyre", "Sue Ellen Mary Ann Jo Bell", "Æ Ø", "ſmith"),
    *("K\u212aelvin",),
)
BIRTHS = (
    *("", "1990-02-28", "28/02/1990", "28/02/1990 00:00", "1990-02-28T00:00:00", "1990"),
    *("1900-01-01", "31/02/1990", "2024-13-01", "28.2.1990", "unknown", "٣٠/٠٢/١٩٩٠"),
    *("99/99/9999", "x" * 300),
)
TELEPHONES = (
    *("", "07700 900123", "+44 (0)7700 900123", "00447700900123", "447700900123"),
    *("07700900123 ext 4", "01632 960", "0000000000", "1234567890", "+1 202 555 0100"),
    *("０７７００９００１２３", "x", "9" * 400),
)
EMAILS = (
    *("", "Ann@Example.org", "ann+tag@example.org", "a.n.n@gmail.com", "ann@googlemail.com"),
    *("none@x.org", "ann@", "@example.org", "ann@example", "ａｎｎ@example.org"),
    *("a b@example.org", "ß@example.org"),
)
POSTCODES = (
    *("", "SN1 1AA", "sn11aa", "SN1", "SN1 1", "EC1A 1BB", "x", "ＳＮ１ １ＡＡ"),
    *("SN1 1AA\u200b",),
)
TOWNS = (*("", "High Street, Swindon", "Swindon", "Åmål", ",", "King’s Lynn", "x" * 300),)
