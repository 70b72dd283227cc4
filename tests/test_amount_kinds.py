"""Kinds of amounts in the shapes that reports of other countries show: each line a text and what it is worth.

A value is ``low`` or ``low to high`` with its unit, an ISO 4217 code, "%" or "#" for a count; nothing after "|" is no amount.
"""

from __future__ import annotations

import pytest
from spacy.language import Language

from ffm.tagging.pipeline import assemble

KINDS = """
# change, no range
Funding shrank from £12.5 million to £900,000. | 12500000 GBP; 900000 GBP
The fee was raised from 200 dinars to 350 dinars in Jordan. | 200 JOD; 350 JOD
Rents jumped from €80 to €95. | 80 EUR; 95 EUR
The caseload rose from 40 cases to 65 cases. | 40 #; 65 #
The share dropped from 12% to 9%. | 12 %; 9 %
The budget was cut from 3 million lek to 2 million lek. | 3000000 ALL; 2000000 ALL
The allowance was brought up from 90 euros to 120 euros. | 90 EUR; 120 EUR
The fund grew by $2 million, to $7 million. | 2000000 USD; 7000000 USD
An increase from 15 to 25 per cent followed. | 15 #; 25 %
Fines range from 5,000 lek to 9,000 lek. | 5000 to 9000 ALL
Prices vary from €5 to €7. | 5 to 7 EUR
# scale apart from the figure, joined or hyphenated
He asked for £ 4 m. | 4000000 GBP
The town spent $ 7 bn on it. | 7000000000 USD
They paid 12 k euros. | 12000 EUR
She won 6 mn dinars in Serbia. | 6000000 RSD
It cost 3 bn naira. | 3000000000 NGN
The state lent 4.5 mln. hryvnias to it. | 4500000 UAH
It got 7 Mio CHF. | 7000000 CHF
It took 1,2 Mio Euro. | 1200000 EUR
They need $6B. | 6000000000 USD
They need £2.5M. | 2500000 GBP
A $3.4-million loan came. | 3400000 USD
A €2-billion plan failed. | 2000000000 EUR
A 5-million-euro plan failed. | 5000000 EUR
A 300-lek ticket is needed. | 300 ALL
A 20,000-naira fine was set. | 20000 NGN
They lost $12 millions. | 12000000 USD
# number words
Five million dinars were stolen in Iraq. | 5000000 IQD
Half a million euros were lost. | 500000 EUR
She paid a million lek. | 1000000 ALL
One and a half million people fled. | 1500000 #
They raised half a billion dollars. | 500000000 USD
A hundred women came. | 100 #
The bank lent 3 lakh rupees in Nepal. | 300000 NPR
India gave 2 crore rupees. | 20000000 INR
They gave Rs 1.5 crore in Pakistan. | 15000000 PKR
# currency names before the figure
The fine is Dollars 3,000. | 3000 USD
He got Birr 12,000. | 12000 ETB
Taxes were Kwacha 4,500 in Malawi. | 4500 MWK
She got Rupees 7,000 in Sri Lanka. | 7000 LKR
They paid Kyat 90,000. | 90000 MMK
They paid EUROS 750. | 750 EUR
The loan was Shillings 40,000 in Tanzania. | 40000 TZS
They paid Riel 80,000. | 80000 KHR
They paid XOF 25,000 for it. | 25000 XOF
They gave MMK 30,000. | 30000 MMK
It costs TND 45. | 45 TND
They gave 750 new leks. | 750 ALL
# local marks
Bread is LE 12 in Cairo. | 12 EGP
Rent is TSh 300,000 in Tanzania. | 300000 TZS
It cost 450 TL in Ankara. | 450 TRY
It cost 950 kr in Denmark. | 950 DKK
It cost kr 950 in Oslo. | 950 NOK
He paid C$400 in Canada. | 400 CAD
He paid Tk 600 for it. | 600 BDT
He paid 300 Afs in Kabul. | 300 AFN
He paid Afs 300. | 300 AFN
He paid 70 JD in Amman. | 70 JOD
He paid K5,000 in Zambia. | 5000 ZMW
He paid 20 zł for it. | 20 PLN
He paid Ush 5,000. | 5000 UGX
He paid 900 Kč. | 900 CZK
He paid RM 50 in Malaysia. | 50 MYR
He paid S/. 300 in Peru. | 300 PEN
He paid FCFA 20,000 in Cameroon. | 20000 XAF
He paid 20.000 FCFA in Mali. | 20000 XOF
He paid 300 Qatari riyals. | 300 QAR
He paid 45,000 Yemeni rials. | 45000 YER
# numerals
They gave 23.750 euros. | 23750 EUR
They gave 7 500,25 euros. | 7500.25 EUR
They gave 1.250.000 dinars in Serbia. | 1250000 RSD
They gave $3.125 million. | 3125000 USD
They met 2.300 girls. | 2300 #
The fee is 15.000 lek. | 15000 ALL
They gave 1'250 francs in Geneva. | 1250 CHF
They gave 3 400 hryvnia. | 3400 UAH
They gave 12,50 euros. | 12.5 EUR
They gave 1.234.567,89 euros. | 1234567.89 EUR
# ranges
They gave 3-7,000 naira. | 3000 to 7000 NGN
They gave 20—25,000 taka. | 20000 to 25000 BDT
They asked €2-3,000. | 2000 to 3000 EUR
Between 8 and 12,000 women left. | 8000 to 12000 #
Around 30-40,000 children work. | 30000 to 40000 #
They gave 10 to 12.000 lek. | 10000 to 12000 ALL
They gave 2,500-3,000 hryvnia. | 2500 to 3000 UAH
They gave $500–700k. | 500000 to 700000 USD
They pay 3-4 million dong. | 3000000 to 4000000 VND
They pay €150 to €300 a month. | 150 to 300 EUR
They pay 5 to 1,200 lek. | 5 to 1200 ALL
# dozens
Four dozen boys came. | 48 #
Half a dozen nurses came. | 6 #
They found 3 dozen passports. | 36 #
Dozens of girls and hundreds of men came. |
# number after noun
The number of cases is 18. | 18 #
The total number of arrests stood at 14. | 14 #
The number of children rose to 34. | 34 #
The death toll reached 1,560. | 1560 #
Convictions numbered 17. | 17 #
The number of trained judges was 9. | 9 #
# lines cut
They pay 12,\\n500 lek a month. | 12500 ALL
They pay €40,\\n000 for it. | 40000 EUR
They lent 3 bil-\\nlion naira. | 3000000000 NGN
They lent 7 thou-\\nsand euros. | 7000 EUR
They lent 1.\\n5 million euros. | 1500000 EUR
# countries
Nepal's office paid 700 rupees. | 700 NPR
Guards in Kuwait ask 30 dinars. | 30 KWD
Each widow in Somalia got 9,000 shillings. | 9000 SOS
In Iceland she paid 3,000 kronur. | 3000 ISK
In Mexico he paid 600 pesos. | 600 MXN
In Sudan he paid 600 pounds. | 600 SDG
In Tunisia he paid 90 dinars. | 90 TND
# spaces in figures
The 14, 302 refugees (6, 100 boys, 8, 202 girls) came by land. | 14302 #; 6100 #; 8202 #
A total of 9, 415 persons were met. | 9415 #
Some 3 ,200 women were met. | 3200 #
# parts
They met 90 (55 F, 35 M) teachers. | 90 #; 55 #; 35 #
They met 12 (7M, 5F) judges. | 12 #; 7 #; 5 #
They trained 30 (18 women, 12 men) guards. | 30 #; 18 #; 12 #
# lists
Victims were from Kenya (12), Ghana (7), and Togo (3). | 12 #; 7 #; 3 #
Arrests by town: Kano - 14, Jos - 9, Zaria - 30. | 14 #; 9 #; 30 #
Cases: Delta: 4, Lagos: 19, Kogi: 2. | 4 #; 19 #; 2 #
They gave food (2,300), clothes (410) and cash (88). | 2300 #; 410 #; 88 #
# said twice
It has five (5) beds. | 5 #
They trained twenty (20) nurses. | 20 #
They paid five thousand (5,000) lek. | 5000 ALL
They hired 3 (three) lawyers. | 3 #
They paid 500 (five hundred) euros. | 500 EUR
# the same sum between a number and its currency
A pass is 250 ($7.10) baht. | 250 THB; 7.1 USD
They took 40,000 (about €36) dinars in Tunis. | 40000 TND; 36 EUR
The dowry is 2 million (US$1,100-1,300 then) lek. | 2000000 ALL; 1100 to 1300 USD
It has 310 ($4 each) seats. | 310 #; 4 USD
# parts of counts
Of 90 cases, 40 were about girls and 15 from Kukes. | 90 #; 40 #; 15 #
Out of 300 calls, 120 came from women and 20 from men. | 300 #; 120 #; 20 #
The number fell from 1,420 last year to 980. | 1420 #; 980 #
Arrests rose from 310 this month to 420. | 310 #; 420 #
# approximations
About 300-odd men came. | 300 #
Ca. 40 women came. | 40 #
It took c. 70 women and ~30 men. | 70 #; 30 #
It took c.70 women. | 70 #
It held 100+ people. | 100 #
They spent approx. €500. | 500 EUR
# signs
The budget changed by minus 5 per cent. | -5 %
The index is -3%. | -3 %
It moved by −2.5 percent. | -2.5 %
The balance is -$300. | -300 USD
# none
The visit took 2 years and 6 weeks. |
She stayed in room 14, floor 3. |
He sits in cell 9, ward 4. |
Send it to box 55, Kukes. |
They live at house 7, street 12. |
The legal age is 15 for girls and 17 for boys. |
Boys between 10 and 13 work there. |
Women between 15 and 49 were asked. |
The suspect, 34, fled. |
See pp.\\n12-14 of it. |
Pages 3 to 7 and Articles 12 and 15 say so. |
It is cited (Marku et al., 2019: 22-25). |
It was said.[footnote 12] It fell.’[footnote 3] It rose. [footnote 44] |
"""


@pytest.fixture(scope="module")
def nlp() -> Language:
    pipeline = assemble()
    pipeline.remove_pipe("ffm_themes")
    return pipeline


def read(line: str) -> tuple[str, list[tuple[float, float, str]]]:
    """Return a text and its values."""
    text, _, values = line.rpartition(" |")
    expected = []
    for value in filter(None, (value.strip() for value in values.split(";"))):
        bounds, unit = value.rsplit(" ", 1)
        low, _, high = bounds.partition(" to ")
        expected.append((float(low), float(high or low), unit))
    return text.replace("\\n", "\n"), expected


@pytest.mark.parametrize("line", [line for line in KINDS.strip().splitlines() if not line.startswith("#")])
def test_an_amount_has_the_value_that_its_kind_of_writing_means(nlp: Language, line: str) -> None:
    text, expected = read(line)
    found = [
        (amount.low, amount.high, {"money": amount.currency, "percent": "%"}.get(amount.kind, "#"))
        for entity in nlp(text).ents
        if (amount := entity._.amount) is not None
    ]
    assert found == expected
