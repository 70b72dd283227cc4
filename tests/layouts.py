"""Made-up reports in the layouts that fact-finding missions use: every person, figure and sentence is invented."""

from __future__ import annotations

UNMARKED_QUESTIONS = """# Fact-finding mission to Vietnam: labour export

## Introduction

The team spent nine days in Hanoi and Vinh. Why did it go there? Many families in Nghe An have borrowed money for a job abroad.

## Vietnam Women's Union, 14 March 2023

**Date:** 14 March 2023

**Meeting with:** Two officers of the Vietnam Women's Union

### Interview

The Union runs a house for women in Hanoi. It opened in 2007.

How many women stay in the house at present?

Eleven women and four children live there. The house has 20 beds.

Who pays for their food?

The province pays 1,200,000 dong a month for each woman.

Is that enough? No, we ask donors for the rest.

When they leave, where do they go and what happens to them there?

Most go back to their village. Some families do not open the door. Would you open it? Our staff visit them twice a year.

## Blue Dragon, 15 March 2023

**Date:** 15 March 2023

**Meeting with:** A lawyer of Blue Dragon

Could you describe your work?

We bring people home from across the border.

- 40 people in 2021
- 61 people in 2022

Do the police help you?

Yes.
"""

BOLD_QUESTIONS = """# Nigeria: prison conditions

## Interview with the Nigerian Correctional Service, 2 February 2021

**How many prisoners are held in Kuje?**

There are 840 prisoners in a building for 560. **Overcrowding** is our first problem.

**Please tell us about the food.**

Three meals a day. The budget for a prisoner's meals is 750 naira a day.

**Are women held apart from men?**

They are. The women's wing has its own guards.

## Interview with Prisoners' Rehabilitation and Welfare Action (PRAWA), 3 February 2021

**What do you see when you visit?**

Cells without light. Men sleep in shifts.

**And how does the service answer your letters?**

It does not.
"""

QUESTION_ANSWER_WORDS = """# Iraq: returns to Mosul

## Iraqi Red Crescent, 9 May 2022

Question 1: How many families have gone back to the old city?
Answer 1: About 3,100 families, most of them since 2020.

Question 2: Is there running water?

Answer 2: In some streets. Where there is none, tankers come twice a week.

They come late in summer.

Question 3: Who clears the rubble?
Answer 3: The municipality and two contractors.
"""

SPEAKERS = """Ukraine: conscription and alternative service

Interview with the Ministry of Defence, 11 April 2024

Interviewer: Who may ask for alternative service?

Interviewee: Members of ten registered religious bodies. The law names them.

Interviewer: And a man who has no religion but objects?

Interviewee: The law gives him no way.

He may write to a court, and some did in 2023.

Interviewer: How long does the court take?

Interviewee: Three to five months.
"""

OFFICIALS = """## Department of Immigration, Lagos, 6 June 2019

**Date:** 6 June 2019

**Meeting with:** Three officials of the Department of Immigration

Q. How do you treat people who are sent back?

Official 1: They are met at the airport by two of our staff.

Official 2: We give them 5,000 naira for the bus.

Q. Does anybody follow up?

Official 1: No. We have no people for that.

Official 3: An NGO in Benin City does.
"""

NAMED_SPEAKERS = """Transcript of a meeting at the Legal Centre, Hue

Ms Carter: What kind of cases do you take?

Ms Tran: Land cases above all, and some cases of wages.

Ms Carter: Do your clients pay?

Ms Tran: Nobody pays. We live on grants from two foundations.

Note: the second foundation left in 2020.

Ms Carter: What happens when the grants end?

Ms Tran: We close.
"""

PLAIN_INTERVIEWS = """REPORT OF A FACT-FINDING MISSION TO IRAQ

Baghdad and Erbil, 1 to 12 March 2021

Interview with the Ministry of Justice, 3 March 2021

Q. How many shelters for women does the state run?

A. One, in Baghdad. It opened in 2018 and has 30 places.

Q. Who may enter it?

A. A woman whom a judge sends.

Heartland Alliance, 2021-03-04

Q. Do women trust the courts?

A. Few do. A woman who complains is often sent home.

Bar Association of Erbil, March 5, 2021

Q. Is legal aid free?

A. On paper it is free. The fund was empty from June 2020 on.

Human Rights Office, 06.03.2021

Q. Have you visited the shelter?

A. Twice.
"""

NUMBERED_INTERVIEWS = """# Annex B: Meeting notes

## 1. Meeting with the Supreme Court, Abuja, 4 July 2022

1. The source said that the court hears some 300 appeals a year.

2. The source added that it has no figures by state.

## 2. Meeting with a western embassy, Abuja, 5 July 2022

3. The source knew of no case in which a returnee was held.

4. Asked about bribes, the source said that they are small and common.
"""

SAME_LINE = """## Doctors' Union of Kharkiv, 3 October 2023

Q: Are there enough nurses? A: No. Four wards share two nurses at night.

Q: Do they get their wages on time? A: Since May they do.

Q. Is medicine free? A. Insulin is free, the rest is not.
"""

HARD_WRAPPED = """NOTES OF A MEETING WITH THE CHILD LINE, HANOI

The line takes calls from children in all 63 provinces. It is
open day and night and had 310,000 calls in 2021. A call is
free of charge. One in ten calls is about violence.

Staff of the line are trained for six weeks. They said that
the training is too short
for the hard calls, and that two of them had left in the year
before the visit. A psychologist comes once a week.

    Children under ten call least. The line wants to reach
    them through schools.
"""

WRAPPED_INTERVIEW = """Interview with the Port Authority of Odesa, 8 June 2023

Q.  How many ships came in May, and how many of them
    carried grain?
A.  Nineteen ships came. Fourteen of them carried grain,
    the others carried fuel and
    machines.

    In April there were more.

Q.  Is the harbour safe at night?
A.  It is closed at night.
"""

NO_HEADINGS = """The clinic stands at the end of the market road. It has two doctors and a midwife.

People come on foot, some from villages that are a day away. The clinic does not turn anybody away, but medicine for asthma ran out in May.

A number of patients said that they pay the midwife in rice. A. Bello, who keeps the books, denied it.
"""

IRREGULAR_MARKS = """## Office of the Mayor of Uzhhorod, 21 August 2023

**Date:** 21 August 2023

**Meeting with:** The deputy mayor

Q. How many displaced people live here?

A. Close to 30,000 are registered.

Q Where do they live?

A, In schools, in hotels and with families.

Q . Who pays the hotels?

The oblast pays. It pays late.

Q, Do children go to school?

a. They do, in two shifts.

q: Is there room for more?

A There is room in the villages, not in the town.

Q) Will they stay?

A) Half of them will.

**Q.** Do men find work?

**A.** In building, yes.

Q– What of the old?

A – They miss home.
"""

TRAPS = """## Public Health Institute, Kano, 5 May 2020

**Date:** 5 May 2020

**Meeting with:** An epidemiologist

Q. Which fevers do you watch?

A. Lassa fever and, in cattle, Q fever.

A number of herds were tested in 2019. A third were positive.

Quarantine lasts two weeks. Queries go to the ministry.

Q-fever vaccine is not bought in the country.

A vaccine for cattle exists.

Q. What may a farmer do?

A. He has three ways:

a. He sells the herd to the state.

b. He pays for the tests himself.

c. He waits.

A.M. Sani, the vet, knows more than I do.
"""

LETTERED_PARAGRAPHS = """# Findings

The mission found three things.

A. Courts are slow. A case takes four years.

B. Judges are few. There are nine in the province.

C. Papers are lost.

What did the mission not find? It found no case of torture.
"""

FOOTNOTES = """# Health care in Lviv

Insulin is free.[^1] Test strips are sold in shops and cost 400 hryvnia a box, which is

[^1]: Ministry of Health, order 12 of 2021.

a fifth of a pension. Patients share them.

The hospital has 12 beds for children<sup>2</sup> and four for mothers. The ward was painted

---

<sup>2</sup> Visit of 3 June 2023.

in 2022 by volunteers.

Dialysis is given three times a week.³ Some patients travel for two hours and

³ Interview with a nurse, Lviv.
  She has worked there for nine years.

sleep in the corridor.

A prosthesis takes half a year4. Soldiers come first.

4 Ministry of Veterans, annual report 2022, page 14.

## Notes

1. The report was written in Kyiv.
2. Names were left out.
"""

PAGED = """Ministry for Home Affairs                                  Country report: Nigeria

The police college in Jos takes 200 recruits a year. Their course lasts nine months and covers law, first aid and the use of

Page 3 of 20

Ministry for Home Affairs                                  Country report: Nigeria

firearms. A recruit shoots 20 rounds.

Discipline is strict. A recruit who is late three times is sent home.

Page 4 of 20

Ministry for Home Affairs                                  Country report: Nigeria

Women are one in eight of the recruits. Their number has doubled since

Page 5 of 20

Ministry for Home Affairs                                  Country report: Nigeria

2015, when the college opened a second dormitory.

Page 6 of 20
"""

FORM_FEEDS = (
    "Country note: Ukraine\n\nRoads in the east are mined. Farmers lost 41 tractors in\n\n- 1 -\n\f"
    "Country note: Ukraine\n\n2023 alone, and no insurer pays.\n\nThe state pays half of a new tractor.\n\n- 2 -\n\f"
    "Country note: Ukraine\n\nDemining takes years. A team clears two hectares a week.\n\n- 3 -\n"
)

TABLES = """# Figures

Arrivals by year:

| Year | Men | Women |
|------|-----|-------|
| 2020 | 310 | 95 |
| 2021 | 290 | 120 |

Source: Border Guard

The number of women rises.

Province\tCases\tSolved
Duhok\t31\t12
Erbil\t54\t20

Duhok has fewer police officers.

Year     Arrests     Trials
2019     120         41
2020     88          30
2021     97          35

Trials take longer than arrests.

<table>
<tr><td>Basra</td><td>7</td></tr>
<tr><td>Najaf</td><td>9</td></tr>
</table>

No other city keeps figures.
"""

LISTS = """## Save the Children, Erbil, 9 November 2021

Q. What do you offer?

A. We offer three things:

- schooling
  - in tents
  - in two schools
- meals
- clothes in winter

The clothes are given by people of the city.

Q. Who gets them?

A. In this order:

1. Children without parents.
2. Families with more than
   five children.
3. All others.

Q. Is there a list?

A. • Yes, on paper.

Q. Which papers must they bring?

* a card of the camp
* a letter
"""

CONTENTS_DOTS = """Country report: Vietnam

Published: May 2021

Contents

Introduction ........ 3
1. Police ........ 4
1.1 Recruitment . . . . . . 5
Ministry of Public Security, 4 May 2021........ 7

Introduction

The mission went to Hue and Da Nang. It met nine officers.

1. Police

1.1 Recruitment

Recruits come from all provinces. They serve for three years.

Ministry of Public Security, 4 May 2021

Q. How many officers serve in Hue?

A. About 900.
"""

CONTENTS_LINKS = """# Iraq: media

## Table of contents

- [Press law](#press-law)
- [Radio](#radio)
  - [Licences](#licences)

## Press law

The law of 1969 is still in force. It knows 22 offences.

## Radio

### Licences

A licence costs 5 million dinar a year.
"""

DETAILS_WITHOUT_BOLD = """2. Centre for Civil Liberties

Date: 7 September 2023
Place: Kyiv, online
Interviewee: Programme director, a non-governmental organisation
Interpreter: none

Q. What do you document?

A. Disappearances. We have 2,300 files.

3. State Employment Service

Date and place: Kyiv, 8 September 2023
Persons present: Two officials of the service
Interview conducted by: CGRS

Q. How many vacancies are there?

A. 61,000 in August.
"""

NUMBERED_PARAGRAPHS = """# 4. Freedom of movement

4.1.1 People may move freely between provinces. Checkpoints on the road to Kirkuk ask for a card of residence, and those without

27

one are turned back.

4.1.2 The card costs 25,000 dinar. It is valid for one year.

4.2 Sponsors

4.2.1 In Sulaymaniyah a sponsor is needed. He must:

- live in the town
- have no debts

4.2.2 A sponsor signs at the Asayish.
"""

FAQ = """# What returnees ask

1. Where do I get a passport?

At the office of your district. It takes 14 days.

2. How much does it cost?

200,000 dong. Children pay half.

3. Can my sister fetch it?

She can, with a letter.
"""

INITIALS = """**Date:** 2 May 2022
**Meeting with:** Union of Journalists, Baghdad

Q1. How many of your members were threatened last year?
A1. Thirty-one told us so.

Q2. Did the police act?
A2. In four cases.

Q3) Are women threatened more often?

A3) More often on the internet.
"""

QUESTION_HEADINGS = """# Notes from Enugu

## State Ministry of Women Affairs, 12 January 2020

### What does a widow inherit?

The law gives her a third. Custom often gives her nothing.

### Who helps her to go to court?

A legal aid council with two lawyers.

## Widows' League, 13 January 2020

### Do widows go to court?

Hardly ever.
"""
QUOTED = """> Q. Do pupils learn in their own language?
>
> A. In the first three years they do. After
> that they learn in Vietnamese.
>
> Q. Are there books?
>
> A. Since 2019.
"""

MINUTES = """Meeting with a western embassy
Baghdad, 26 April 2022

1. The source explained that roads to the north are open, and that people travel on them in shared cars for little money.

2. Asked about militias, the source said that they stop cars at night, and that a bribe of 10,000 dinar is usual there.

Meeting with an international organisation
Erbil, 28 April 2022

3. The organisation has eleven offices. It registers families who come from the south and gives them papers for the school.
"""
PLAIN_TITLES = """Caritas – 6 October 2022

Q. How many meals?

A. Ninety a day.

7 October 2022: Ministry of Health

Q. How many doctors?

A. Two.

Doctors Without Borders (8 October 2022)

Q. How many nurses?

A. Six.

Thursday, 9 October 2022 — Red Cross

Q. How many cars?

A. One.

UNHCR, KYIV, 4 MAY 2022

Q. How many tents?

A. 400.

Meeting with a lawyer on 12 October 2022

Q. How many cases?

A. 30.

Interview with the Governor, 5 May 2022, via Skype

Q. How many villages?

A. 41.
"""
UNDATED = """# Interviews

## Interview 3: Lawyer in Hanoi

Q. Is there legal aid?

A. There is a fund.

Q. Who pays it?

A. The state.

## Ministry of Justice

Q. Is there a court in each district?

A. In most.

Q. Are they open to the public?

A. They are.

## Housing

Q. Where do people live?

A. With relatives.

Q. At what rent?

A. None.
"""
ITALIC_QUESTIONS = """## Police College, Jos, 3 June 2021

*How long is the course?*

Nine months.

_Who teaches law?_

Two judges.
"""
BOLD_QUESTION_IN_LINE = """## Police College, Jos, 3 June 2021

**How long is the course?** Nine months. It was six until 2015.

**Who teaches law?** Two judges.
"""
LINE_BREAK_TAGS = """## Clinic of Hue, 3 June 2021

Q. Is it open at night?<br>A. Until ten.<br/>

Q. Who comes?<br />A. Mothers.
"""
MARKS_ALONE = """## Clinic of Hue, 3 June 2021

Question:
How many beds are there?
Answer:
There are 40.

Question 2

Who pays?

Answer 2

The province.

**Q**

Is it enough?

**A**

No.
"""
BRACKETED_PARAGRAPHS = """# Determination

[1] The applicant is a citizen of Iraq.

[2] He left in 2015. The reasons are set out at [1] above.

[3] The tribunal heard two experts.
"""
BRACKETED_NOTES = """# Roads

The road to Jos is closed at night.[1] Lorries wait at

[1] Visit of 4 May 2021.
[2] Interview with a driver.

the gate until six.[2]
"""
CAPITAL_LABELS = """Interview with a teacher, Kano, 3 May 2021

**INTERVIEWER:** How many pupils are in your class?

**MRS OKORO:** Ninety.

**INTERVIEWER:** Do they have books?

**MRS OKORO:** One for three pupils.

**INTERVIEWER:** What do you need most?

**MRS OKORO:** Chairs.
"""
INDENTED = """THE ROAD TO KIRKUK

    The road has nine checkpoints. A driver pays at three of them.
He does not get a receipt.
    Buses go twice a day. They are old.
    In winter the road is closed when it snows, and people wait in
the tea house at the pass.
"""
ONE_LINE_PARAGRAPHS = "\n".join(
    [
        "The market of Mosul was rebuilt in 2019 with money of the province and of two foundations, and it now has 410 stalls, of which 60 are kept by women who came back from the camps in the years after the war and who pay no rent.",
        "It is open on six days.",
        "The women sell bread, cloth and soap. They told the mission that the men of the neighbouring stalls had been hostile in the first year, that the police had not come when they called, and that this had changed since the new head of the market took office.",
        "Nobody has closed her stall.",
        "A bank gives small loans.",
    ]
)
LETTERED_HEADINGS = """Report on the camps

A. Background

The camps were opened in 2015. They hold 12,000 people in tents and huts.

B. Water

Water comes by lorry. It is enough for drinking but not for washing.
"""
TABLE_IN_ANSWER = """## Border Guard, 4 April 2023

Q. How many people cross?

A. The figures are these, for the first half of the year and with the

| Month | People |
|---|---|
| May | 40 |

Table 2. People by month

ferry left out. Most of them are traders.

They go home at night.

Q. Are there

---

<sup>3</sup> Statistics office, 2022.

children among them?

A. Few.
"""
CAPITAL_HEADINGS = """COUNTRY REPORT: IRAQ

1 INTRODUCTION

The report covers the year 2021 and the three provinces of the north.

1.1 Method

Two people spent nine days in Erbil. They spoke with 14 sources there.

2 HEALTH

Hospitals are open to all, but drugs must be bought in shops outside.
"""
MIXED_STYLES = """# Mission to Lagos

## Port Authority, 3 May 2021

Q. Is the port open?

A. It is.

## Dockers' Union, 4 May 2021

Interviewer: How many members do you have?

Interviewee: 900.

Interviewer: Do they pay?

Interviewee: Half of them pay.

## Customs Service, 5 May 2021

How many officers do you have?

There are 300.

Are they trained?

For six weeks.
"""
DETAIL_BLOCKS = """Interview 1

Name: Mr Bello
Position: Head of the Teachers' Union
Date: 3 May 2021

Q. How many teachers strike?

A. All.

Interview 2

Organisation: Parents' Association of Kano
Date of interview: 4 May 2021
Mode of interview: by telephone

Q. Do you support the strike?

A. We do.
"""
HARD_SPACES = "##\u00a0Port of Hue, 3\u00a0May\u00a02021\n\n**Date:**\u00a03\u00a0May\u00a02021\n\nQ.\u00a0How many\u00a0ships?\n\nA.\u00a0Nine ships.\n\n\u00a0\n\nQ.\u00a0Large ones?\n\nA.\u00a0Two."
LISTED_SOURCES = """# Sources

UNHCR, 4 May 2021

UNICEF, 5 May 2021

Ministry of Health, 6 May 2021

# Findings

There is no water in the camp on three days of the week, said all of them.
"""
NUMBERED_QUESTIONS = """## Governor of Basra, 3 May 2021

**Date:** 3 May 2021

1. How many wells are there?

There are 300 wells.

2. How many are dry?

Ninety, for these reasons:

1. Little rain.
2. Dams upstream.

3. What is done?

Nothing.
"""

NO_BLANK_LINES = """Interview with the Women's House, Hue, 3 May 2021

How many women stay in the house?
Eleven.
Who pays for it?
The province pays. It pays late.
Where do they go then?
Home.

Clinic, Hue, 4 May 2021

How many nurses work here?
Two.
"""
BOLD_WRAPPED_QUESTIONS = """## Women's House, Hue, 3 May 2021

**How many women stay in the house at present, and where
do they come from?**

Eleven. They come
from the hills.

**And who
pays?**
The province.
"""
QUESTION_WORD_HEADINGS = """## Women's House, Hue, 3 May 2021

### Question 1

How many women stay there?

### Answer

Eleven.

### Question 2: Who pays?

The province.
"""
DETAILS_IN_TABLES_AND_LISTS = """## Women's House

| Date | 3 May 2021 |
|---|---|
| Meeting with | The head of the house |
| Present | Two officers |

Q. How many women?

A. Eleven.

## Clinic

- Date: 4 May 2021
- Meeting with: A nurse
- Place: Hue

Q. How many beds?

A. Six.

## School

**Date:**
5 May 2021
**Meeting with:**
The head teacher,
and two teachers

Q. How many pupils?

A. 300.
"""
COVER_DETAILS = """# Country note: Iraq

Date: 5 May 2021

Publisher: The mission

## Police

There are 300 police stations in the north of the country.

## Courts

Why are courts slow? Judges are few, said a lawyer.
"""
DATED_TITLE = """# Country note: Iraq, 5 May 2021

## Police

There are 300 police stations in the north of the country.

## Courts

Courts are slow.
"""
PIPES_WITHOUT_EDGES = """# Figures

Year | Men | Women
--- | --- | ---
2020 | 4 | 5
2021 | 6 | 7

The number rises.
"""
CONTENTS_WITHOUT_DOTS = """Country report

Table of contents
Introduction 3
Police 4
Courts 9

Introduction

The mission went to Basra for nine days in the spring of the year.

Police

The police have 300 stations and not enough cars, said two sources.

Courts

Courts are slow.
"""
CONTENTS_THEN_INTERVIEWS = """# Contents

Caritas, 3 May 2021
Ministry of Labour, 4 May 2021

Caritas, 3 May 2021

Q. How many?

A. Nine, and the number of those who come has risen since the winter.

Ministry of Labour, 4 May 2021

Q. How many?

A. Ten.
"""
DATED_HEADINGS = """## Caritas, 3-4 May 2021

Q. a?

A. b.

## 3.2 Port (6 October 2022)

Q. a?

A. b.

### Interview 4 — Red Cross, 6th of October 2022

Q. a?

A. b.

## 03/14/2022 Bar Association

Q. a?

A. b.
"""
SUBHEADINGS = """## Bar Association, 3 May 2021

**Date:** 3 May 2021
**Meeting with:** The head of the Bar Association

### Courts

Q. How many judges are there?

A. Nine.

### Prisons

Q. How many prisons are there?

A. Two.

**Visits**

Q. Who may visit?

A. Mothers.
"""
PLAIN_SUBHEADINGS = """Bar Association, 3 May 2021

Courts

Q. How many judges are there?

A. Nine.

Prisons

Q. How many prisons are there?

A. Two. They are full.

Guards sleep there.
"""
PAGES_OF_TEXT = """Country Report                                            May 2021

The prison of Basra was built in 1974 for 400 men. It holds 900
today, and the cells on its north side have no
                                   12
\fCountry Report                                            May 2021
windows. Visits are on Fridays.
   Food comes from the families.
                                   13
\fCountry Report                                            May 2021

Doctors come once a week.
                                   14
"""
ENDNOTES = """# Water

The river is dirty.1 Nobody drinks from it.2,3

People buy water.4 It is dear.

Endnotes

1 Visit of May 2021.

2 Interview with a teacher.

3 Ibid.

4 Market survey.
"""
RHETORICAL_QUESTION = """## Market of Hue, 3 May 2021

**Date:** 3 May 2021

**Meeting with:** The head of the market

How many stalls are there?

Ninety. They are let by the town. Half stand empty. Who would rent them?

Nobody comes after four o'clock.

What do people buy?

Rice.
"""

ALL = {name: text for name, text in list(globals().items()) if name.isupper() and isinstance(text, str)}
