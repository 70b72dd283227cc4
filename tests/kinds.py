"""Small documents of many kinds, with what is right: every person, figure and sentence is invented."""

from __future__ import annotations

PATHS: dict[str, tuple[str, list[tuple[str, ...]]]] = {
    "marked": (
        "# Maravia\n\n## Courts\n\nThere are two.\n\n# Ostland\n\n## Courts\n\nThere are nine.\n",
        [("Maravia",), ("Maravia", "Courts"), ("Ostland",), ("Ostland", "Courts")],
    ),
    "numbered under one mark": (
        "## 2. Courts\n\nThere are two.\n\n## 2.1 Judges\n\nJudges are few.\n\n## 2.2 Fees\n\nFees are high.\n\n## 3. Land\n\nLand is dear.\n",
        [("2. Courts",), ("2. Courts", "2.1 Judges"), ("2. Courts", "2.2 Fees"), ("3. Land",)],
    ),
    "divisions": (
        "Country digest 2020\n\nPart 1. Maravia\n\n1. Courts\n\nJudges are few and poorly paid.\n\n2. Camps\n\nThe camps hold nine hundred people.\n\n"
        "Part 2. Ostland\n\n1. Courts\n\nA trial takes three years.\n",
        [
            ("Country digest 2020",),
            ("Country digest 2020", "Part 1. Maravia"),
            ("Country digest 2020", "Part 1. Maravia", "1. Courts"),
            ("Country digest 2020", "Part 1. Maravia", "2. Camps"),
            ("Country digest 2020", "Part 2. Ostland"),
            ("Country digest 2020", "Part 2. Ostland", "1. Courts"),
        ],
    ),
    "letters in brackets": (
        "CHAPTER I. SECURITY\n\n(a) Checkpoints\n\nDrivers pay at each of them.\n\n(b) Curfew, Road Closures and Other Limits on Movement\n\n"
        "Nobody may leave after nine.\n\nCHAPTER II. WORK\n\n(a) Wages\n\nWages are low.\n",
        [
            ("CHAPTER I. SECURITY",),
            ("CHAPTER I. SECURITY", "(a) Checkpoints"),
            ("CHAPTER I. SECURITY", "(b) Curfew, Road Closures and Other Limits on Movement"),
            ("CHAPTER II. WORK",),
            ("CHAPTER II. WORK", "(a) Wages"),
        ],
    ),
    "letters and plain topics": (
        "Section 5. Treatment of Groups\n\na. Widows, Including Those Who Live Alone in the Hills\n\nLand\n\nThey lose it.\n\nb. Orphans\n\nThey beg.\n\n"
        "Section 6. Work\n\na. Wages\n\nWages are low.\n",
        [
            ("Section 5. Treatment of Groups",),
            ("Section 5. Treatment of Groups", "a. Widows, Including Those Who Live Alone in the Hills"),
            ("Section 5. Treatment of Groups", "a. Widows, Including Those Who Live Alone in the Hills", "Land"),
            ("Section 5. Treatment of Groups", "b. Orphans"),
            ("Section 6. Work",),
            ("Section 6. Work", "a. Wages"),
        ],
    ),
    "plain heading right above another": (
        "Overview\n\nRoads are bad.\n\nRisk\n\nOn the road\n\nLorries are stopped.\n",
        [("Overview",), ("Risk",), ("Risk", "On the road")],
    ),
    "wrapped": (
        "# Notes\n\n## Access to Courts, Police Stations, and the\nOffices of the Town\n\nThey are closed.\n\n## Land\n\nIt is dear.\n",
        [("Notes",), ("Notes", "Access to Courts, Police Stations, and the Offices of the Town"), ("Notes", "Land")],
    ),
    "annex": (
        "Country note\n\nMain points\n\nRoads are mined.\n\nAnnex A: Maps\n\nThe map shows nine roads.\n",
        [("Country note",), ("Country note", "Main points"), ("Country note", "Annex A: Maps")],
    ),
    "capitals for each country": (
        "MARAVIA\n\nOverview\n\nRoads are bad.\n\nCourts\n\nJudges are few.\n\nOSTLAND\n\nOverview\n\nRoads are good.\n",
        [("MARAVIA",), ("MARAVIA", "Overview"), ("MARAVIA", "Courts"), ("OSTLAND",), ("OSTLAND", "Overview")],
    ),
    "title, chapters, letters, topics": (
        "2020 Yearly Notes: Maravia\n\nSUMMARY\n\nIt was a calm year.\n\nSection 1. Safety of Persons\n\na. Killings\n\nNobody was killed.\n\n"
        "b. Beatings\n\nGuards beat two men.\n\nCells and Yards\n\nCells are crowded.\n\nSection 6. Groups\n\nWidows\n\nThey lose their land.\n",
        [
            ("2020 Yearly Notes: Maravia",),
            ("2020 Yearly Notes: Maravia", "SUMMARY"),
            ("2020 Yearly Notes: Maravia", "Section 1. Safety of Persons"),
            ("2020 Yearly Notes: Maravia", "Section 1. Safety of Persons", "a. Killings"),
            ("2020 Yearly Notes: Maravia", "Section 1. Safety of Persons", "b. Beatings"),
            ("2020 Yearly Notes: Maravia", "Section 1. Safety of Persons", "b. Beatings", "Cells and Yards"),
            ("2020 Yearly Notes: Maravia", "Section 6. Groups"),
            ("2020 Yearly Notes: Maravia", "Section 6. Groups", "Widows"),
        ],
    ),
    "numbers apart and one mark for letters and topics": (
        "# Notes\n\n## Summary\n\nIt was calm.\n\n#### Section 1.\n\n### Safety\n\n### a. Killings\n\nNobody was killed.\n\n### Cells\n\nThey are full.\n\n"
        "### Yards\n\nThey are small.\n\n### b. Beatings\n\nGuards beat two.\n\n#### Section 2.\n\n### Groups\n\n### Widows\n\nThey are poor.\n",
        [
            ("Notes",),
            ("Notes", "Summary"),
            ("Notes", "Section 1. Safety"),
            ("Notes", "Section 1. Safety", "a. Killings"),
            ("Notes", "Section 1. Safety", "a. Killings", "Cells"),
            ("Notes", "Section 1. Safety", "a. Killings", "Yards"),
            ("Notes", "Section 1. Safety", "b. Beatings"),
            ("Notes", "Section 2. Groups"),
            ("Notes", "Section 2. Groups", "Widows"),
        ],
    ),
    "topics within interviews": (
        "Notes of meetings\n\nMeeting with a lake fund - 10 May 2023\n\nAttendees: 2 members of the fund, 3 officials\n\nSituation in the north\n\n"
        "It is closed.\n\nMeeting with a UN agency - 11 May 2023\n\nAttendees: 1 officer\n\nAid\n\nIt comes late.\n",
        [
            ("Notes of meetings",),
            ("Notes of meetings", "lake fund"),
            ("Notes of meetings", "lake fund", "Situation in the north"),
            ("Notes of meetings", "UN agency"),
            ("Notes of meetings", "UN agency", "Aid"),
        ],
    ),
    "parts counted in words": (
        "PART ONE: THE COAST\n\nWells\n\nThey are salty.\n\nPART TWO: THE HILLS\n\nWells\n\nThey are deep.\n",
        [
            ("PART ONE: THE COAST",),
            ("PART ONE: THE COAST", "Wells"),
            ("PART TWO: THE HILLS",),
            ("PART TWO: THE HILLS", "Wells"),
        ],
    ),
    "small numerals below letters": (
        "A. Courts\n\nThere are two.\n\nB. Camps\n\n(i) Entry\n\nGuards ask for a paper.\n\n(ii) Exit\n\nNobody asks.\n\nC. Roads\n\nThey are bad.\n",
        [
            ("A. Courts",),
            ("B. Camps",),
            ("B. Camps", "(i) Entry"),
            ("B. Camps", "(ii) Exit"),
            ("C. Roads",),
        ],
    ),
    "numerals, letters and figures right below each other": (
        "I. Politics\n\nThe war is over.\n\nII. Rights\n\nA. Civil rights\n\n1. Life\n\nNobody was hanged.\n\n2. Liberty\n\nMany are held.\n\n"
        "B. Social rights\n\n1. Food\n\nBread is dear.\n",
        [
            ("I. Politics",),
            ("II. Rights",),
            ("II. Rights", "A. Civil rights"),
            ("II. Rights", "A. Civil rights", "1. Life"),
            ("II. Rights", "A. Civil rights", "2. Liberty"),
            ("II. Rights", "B. Social rights"),
            ("II. Rights", "B. Social rights", "1. Food"),
        ],
    ),
    "lettered heading that ends in a year": (
        "A. The wells\n\nThey are dry.\n\nB. The raid of 2016\n\nNine boats were burned.\n\nC. The truce\n\nIt holds.\n",
        [("A. The wells",), ("B. The raid of 2016",), ("C. The truce",)],
    ),
    "numbered heading that a margin broke": (
        "4.1 Fishermen who came back from the islands and are said to have\nhelped smugglers\n\n4.1.1 They are watched.\n\n4.2 Boats\n\n4.2.1 They are old.\n",
        [("4.1 Fishermen who came back from the islands and are said to have helped smugglers",), ("4.2 Boats",)],
    ),
    "bold heading that a margin broke": (
        "**Schooling of Children with\nPoor Sight**\n\nThere is one school.\n\n**Roads**\n\nThey are bad.\n",
        [("Schooling of Children with Poor Sight",), ("Roads",)],
    ),
    "heading below a list": (
        "Notes of the month\n\nFood\n\nBread was dear. Some had none.\n\n- Rice: scarce\n- Salt: dear\n\nWater\n\nTwo wells fell dry in May.\n",
        [("Notes of the month",), ("Notes of the month", "Food"), ("Notes of the month", "Water")],
    ),
    "cover of several lines with a version": (
        "Country Note\nMaravia: Papers\n\nVersion 3.0\nMay 2021\n\nSummary\n\nPapers are sold in the market.\n\nAssessment\n\nPart updated: 3 May 2021\n\nRisk\n\nIt is low.\n",
        [
            ("Country Note, Maravia: Papers",),
            ("Country Note, Maravia: Papers", "Summary"),
            ("Country Note, Maravia: Papers", "Assessment"),
            ("Country Note, Maravia: Papers", "Assessment", "Risk"),
        ],
    ),
    "cover that names who wrote it": (
        "Yearly Report 2018: Ostland\n\nWritten by the desk\n\nLast draft\n\nPublished: 3 May 2019\n\nRoads\n\nThey are bad.\n",
        [("Yearly Report 2018: Ostland",), ("Yearly Report 2018: Ostland", "Roads")],
    ),
    "cover with a place and a month": (
        "Research Desk\n\nNotes on Ostland\n\nPort Vale, May 2019\n\nRoads\n\nThey are bad.\n\nWells\n\nThey are dry.\n",
        [
            ("Research Desk",),
            ("Research Desk", "Notes on Ostland"),
            ("Research Desk", "Notes on Ostland", "Roads"),
            ("Research Desk", "Notes on Ostland", "Wells"),
        ],
    ),
    "titles and paragraph signs": (
        "Title II – Land\n\n§ 1 Sale\n\nA clerk writes it down.\n\n§ 2 Gift\n\nNobody writes it down.\n\nTitle III – Water\n\n§ 3 Wells\n\nThey are common.\n",
        [
            ("Title II – Land",),
            ("Title II – Land", "§ 1 Sale"),
            ("Title II – Land", "§ 2 Gift"),
            ("Title III – Water",),
            ("Title III – Water", "§ 3 Wells"),
        ],
    ),
    "long title of a division": (
        "Section 1. Boats\n\nThey are old.\n\nSection 2. What Harbours, Boards, and Unions of Fishermen Do About Loans for New Nets\n\nVery little.\n",
        [("Section 1. Boats",), ("Section 2. What Harbours, Boards, and Unions of Fishermen Do About Loans for New Nets",)],
    ),
    "cover with a label in its title and a month": (
        "LAKE OFFICE\n\nCountry Paper: Ostland\n\nMay 2021\n\nPreface\n\nIt was agreed in May.\n\nRoads\n\nThey are bad.\n",
        [
            ("LAKE OFFICE",),
            ("LAKE OFFICE", "Country Paper: Ostland"),
            ("LAKE OFFICE", "Country Paper: Ostland", "Preface"),
            ("LAKE OFFICE", "Country Paper: Ostland", "Roads"),
        ],
    ),
    "list of short lines": ("Tents\n\nBlankets\n\nStoves\n\nLamps\n\nThese four are given to each family.\n", [("Lamps",)]),
}

UNBROKEN = """Notes on Maravia
Prisons
Cells are crowded. Guards are few.
Men sleep in shifts.
Courts
A trial takes four years. Judges ask for money, and nobody is ever sentenced for it.
Land
Widows lose their land.
"""

Said = list[tuple[str | None, str, str]]

SAID: dict[str, tuple[str, Said]] = {
    "DEBATE": (
        "ORDERS OF THE DAY\n\nTHE PRESIDENT: The sitting is open.\n\nMrs. K. LOMBARD (Eastern District): Why was the bridge closed?\n\n"
        "THE SECRETARY FOR TRANSPORT (Mr. D. Quill): The bridge closed in May. It will open in July.\n\nIt cost four million.\n\n"
        "Mr. R. PATEL: I am grateful to the Secretary.\n",
        [
            ("President", "", "The sitting is open."),
            (
                "Secretary for Transport (Mr. D. Quill)",
                "Why was the bridge closed?",
                "The bridge closed in May. It will open in July. It cost four million.",
            ),
            ("Mr. R. Patel", "", "I am grateful to the Secretary."),
        ],
    ),
    "DEBATE_STOPS": (
        "MS. DAVIES.— What of the wells?\n\nSENATOR OKAFOR.— They are dry.\n\nMS. DAVIES.— Who will dig?\n\nSENATOR OKAFOR.— Nobody.\n",
        [("Senator Okafor", "What of the wells?", "They are dry."), ("Senator Okafor", "Who will dig?", "Nobody.")],
    ),
    "DEBATE_UPON_NOTICE": (
        "The Hon. J. Marlow asked the Minister for Works upon notice:\n\n(1) How many roads were built?\n\n(2) What did they cost?\n\n"
        "The Minister for Works (The Hon. P. Reed): Nine roads. They cost two million.\n\nMr Speaker: Order.\n",
        [
            (
                "Minister for Works (The Hon. P. Reed)",
                "The Hon. J. Marlow asked the Minister for Works upon notice: (1) How many roads were built? (2) What did they cost?",
                "Nine roads. They cost two million.",
            ),
            ("Mr Speaker", "", "Order."),
        ],
    ),
    "DEBATE_DASHES": (
        "Dr Ana Bell – I turn to the Member.\n\nThe letter said that the depot had burned on 14 August 2020\n\nand that nobody was told.\n\n"
        "Is it true?\n\nMr Joe Hart – The depot is open.\n",
        [
            ("Dr Ana Bell", "", "I turn to the Member."),
            ("Dr Ana Bell", "", "The letter said that the depot had burned on 14 August 2020 and that nobody was told."),
            ("Mr Joe Hart", "Is it true?", "The depot is open."),
        ],
    ),
    "TRANSCRIPT_STAMPS_LAST": (
        "Iva (cook) [00:02:10] We feed ninety people.\n\nTom [00:02:22] Who pays?\n\nIva [00:02:25] The church.\n\nTom [00:02:29] All of it?\n\n"
        "Iva [00:02:33] Half.\n",
        [("Iva", "", "We feed ninety people."), ("Iva", "Who pays?", "The church."), ("Iva", "All of it?", "Half.")],
    ),
    "TRANSCRIPT_STAMPS_FIRST": (
        "[00:00:05] Ana: Why do women come to you?\n\n[00:00:12] Professor Lund: They have nowhere to go.\n\n[00:01:10] Ana: And then?\n\n"
        "[00:01:15] Professor Lund: Some leave the country.\n\nThey come back after a year.\n",
        [
            ("Professor Lund", "Why do women come to you?", "They have nowhere to go."),
            ("Professor Lund", "And then?", "Some leave the country. They come back after a year."),
        ],
    ),
    "TRANSCRIPT_STAMPS_ABOVE": (
        "Host  0:14\nWelcome. How did it begin?\n\nMarta Silva  0:21\nIn a church hall, with nine beds.\n\nHost  0:40\nAnd now?\n\nMarta Silva  0:44\nSixty beds.\n",
        [("Marta Silva", "Welcome. How did it begin?", "In a church hall, with nine beds."), ("Marta Silva", "And now?", "Sixty beds.")],
    ),
    "EVIDENCE_SESSION": (
        "Q67 Chair: Could you tell us what your house does?\n\nDr Lin: We take in women.\n\nQ68 Sarah Moon: Tell us about the money.\n\n"
        "Dr Lin: It ends in May.\n\nQ69 Chair: Is there a plan?\n\nTom Reed: There is none.\n",
        [
            ("Dr Lin", "Could you tell us what your house does?", "We take in women."),
            ("Dr Lin", "Tell us about the money.", "It ends in May."),
            ("Tom Reed", "Is there a plan?", "There is none."),
        ],
    ),
    "EVIDENCE_WITH_PICTURES": (
        "Q 12\n\nPortrait of Ana Belo Ana Belo Member for Lake District\n\nYou spoke of courts. Are they fair?\n\nJoan Reyes: No. Judges are paid by the village.\n\n"
        "Q 13\n\nPortrait of Ana Belo Ana Belo Member for Lake District\n\nWho pays for lawyers?\n\nJoan Reyes: Families do.\n",
        [
            ("Joan Reyes", "Q 12 You spoke of courts. Are they fair?", "No. Judges are paid by the village."),
            ("Joan Reyes", "Q 13 Who pays for lawyers?", "Families do."),
        ],
    ),
    "DEBATE_REPLIES": (
        "Ms T. OLUWA asked the Minister for Works—\n\nHow many bridges are closed?\n\nMr J. HART (Minister for Works) replied: Nine.\n\n"
        "Ms T. OLUWA: Which ones?\n\nMr J. HART: Those in the hills.\n",
        [
            ("Mr J. Hart", "Ms T. OLUWA asked the Minister for Works— How many bridges are closed?", "Nine."),
            ("Mr J. Hart", "Which ones?", "Those in the hills."),
        ],
    ),
    "HEARING": (
        "COMMITTEE ON WORKS\nHEARING ON ROADS\nMay 4, 2021\n\nThe CHAIRMAN. The committee will come to order.\n\n"
        "Mr. REED. Why are the roads closed?\n\nMs. BELO. They are mined. We lost nine lorries.\n",
        [
            ("Chairman", "", "The committee will come to order."),
            ("Ms. Belo", "Why are the roads closed?", "They are mined. We lost nine lorries."),
        ],
    ),
    "DEBATE_WITHOUT_TITLES": (
        "Mr Speaker: Order.\n\nAna Belo (Lake District) (Ind): Will the Minister visit the lake?\n\n"
        "The Minister for Water (Tom Reed): I will go in May.\n\nAna Belo: Will he bring a pump?\n\nTom Reed: Yes.\n",
        [
            ("Mr Speaker", "", "Order."),
            ("Minister for Water (Tom Reed)", "Will the Minister visit the lake?", "I will go in May."),
            ("Tom Reed", "Will he bring a pump?", "Yes."),
        ],
    ),
    "WRITTEN_QUESTIONS": (
        "1. Ms. Lena Ward (North Port) (Independent): To ask the Minister for Housing if homes will be built.\n\n"
        "The Minister for Housing (Mr Paul Reed): Nine homes will be built.\n",
        [
            (
                "Minister for Housing (Mr Paul Reed)",
                "To ask the Minister for Housing if homes will be built.",
                "Nine homes will be built.",
            )
        ],
    ),
    "TRANSCRIPT_STAMPS_AFTER_NAMES": (
        "Lena: [00:00:12] How did you begin?\n\nIris Mora: [00:00:20] In a camp, with no nurse.\n\n[00:01:02] It was hard.\n\n"
        "Lena: [00:01:30] What did they need?\n\nIris Mora: [00:01:33] Soap.\n",
        [
            ("Iris Mora", "How did you begin?", "In a camp, with no nurse. It was hard."),
            ("Iris Mora", "What did they need?", "Soap."),
        ],
    ),
    "TRANSCRIPT_NUMBERED_SPEAKERS": (
        "00:10 Speaker 1: The house closed.\n\n00:22 Speaker 2: Why did it close?\n\n00:25 Speaker 1: The grant ended.\n",
        [("Speaker 1", "", "The house closed."), ("Speaker 1", "Why did it close?", "The grant ended.")],
    ),
    "NUMBERED_WITHOUT_QUESTION_MARKS": (
        "Written answers\n\n1. How many roads were built in 2021\n\nNine roads were built.\n\n2. What did they cost\n\nThey cost two million.\n\n"
        "3. Which are closed in winter\n\nTwo of them are.\n",
        [
            (None, "1. How many roads were built in 2021", "Nine roads were built."),
            (None, "2. What did they cost", "They cost two million."),
            (None, "3. Which are closed in winter", "Two of them are."),
        ],
    ),
    "DEBATE_OFFICES_WITH_HOLDERS": (
        "The Chief Secretary for Roads and Ports (Prof. Quill): Nine roads were closed.\n\nHon. Guests: (Applause)\n\n"
        "Rep. Lombard: On a point of order. Which of them are mined?\n\nThe Chief Secretary for Roads and Ports (Prof. Quill): Two.\n",
        [
            ("Chief Secretary for Roads and Ports (Prof. Quill)", "", "Nine roads were closed."),
            ("Guests", "", "(Applause)"),
            ("Chief Secretary for Roads and Ports (Prof. Quill)", "On a point of order. Which of them are mined?", "Two."),
        ],
    ),
    "DEBATE_TITLES_IN_BRACKETS": (
        "Hon. Lena Ward (North Port, IND): How many wells were dug?\n\nHon. (Dr.) Tom Reed (Hills, IND): Nine. Two are dry.\n",
        [("Dr. Tom Reed", "How many wells were dug?", "Nine. Two are dry.")],
    ),
    "DEBATE_NAMES_AMONG_OFFICES": (
        "Mr Speaker: Order.\n\nDr. Lombard (IND): Who pays for the wells?\n\nBundesminister Quill: The province.\n\n"
        "Dr. Lombard (IND): And for the roads?\n\nBundesminister Quill: Nobody.\n",
        [
            ("Mr Speaker", "", "Order."),
            ("Bundesminister Quill", "Who pays for the wells?", "The province."),
            ("Bundesminister Quill", "And for the roads?", "Nobody."),
        ],
    ),
    "DEBATE_INTERPRETED": (
        "The President (interpreted from French): I call on Ostland.\n\nMs. Lund (Ostland): We host nine hundred families.\n",
        [("President", "", "I call on Ostland."), ("Ms. Lund", "", "We host nine hundred families.")],
    ),
    "DEBATE_NUMBERED_NOTICE": (
        "7. Ms. WARD (North Port) asked the Minister for Works:\n\n(a) how many roads were built; and\n\n(b) what they cost.\n\n"
        "The Minister for Works (Mr. Reed): Nine were built. They cost two million.\n\nMs. WARD: Where are they?\n\nMr. REED: In the hills.\n",
        [
            (
                "Minister for Works (Mr. Reed)",
                "7. Ms. WARD (North Port) asked the Minister for Works: (a) how many roads were built; and (b) what they cost.",
                "Nine were built. They cost two million.",
            ),
            ("Mr. Reed", "Where are they?", "In the hills."),
        ],
    ),
    "CAPTIONS_WITH_CHEVRONS": (
        ">> Senator Ward. Who inspects the boats?\n\n>> Mr. Reed. The harbour does, once a year.\n",
        [("Mr. Reed", "Who inspects the boats?", "The harbour does, once a year.")],
    ),
    "TRANSCRIPT_STAMPS_ON_LINES_OF_THEIR_OWN": (
        "00:00:04 --> 00:00:09\nIVA: What changed in the house?\n\n00:00:09 --> 00:00:14\nTOM: The girls are younger.\n\n"
        "00:00:14 --> 00:00:18\nIVA: How young?\n\n00:00:18 --> 00:00:21\nTOM: Twelve.\n",
        [("Tom", "What changed in the house?", "The girls are younger."), ("Tom", "How young?", "Twelve.")],
    ),
    "TRANSCRIPT_STAMPS_IN_BRACKETS": (
        "Interviewer (00:12): How did you leave?\n\nRespondent (00:15): By boat.\n\nInterviewer (00:22): Who paid?\n\nRespondent (00:25): My aunt.\n",
        [("Respondent", "How did you leave?", "By boat."), ("Respondent", "Who paid?", "My aunt.")],
    ),
    "TRANSCRIPT_LABELS_ABOVE_SHORT_QUESTIONS": (
        "Iva Mora (00:45):\nNine?\n\nTom Reed (00:52):\nNine. All of them are old.\n",
        [("Tom Reed", "Nine?", "Nine. All of them are old.")],
    ),
    "EVIDENCE_WITH_A_SECOND_WITNESS": (
        "Q 21 Chair: How many boats wait?\n\nIva Strand: About twenty.\n\nQ 22 Chair: How long?\n\nIva Strand: A year.\n\nTom Bell: Some wait for three.\n",
        [
            ("Iva Strand", "How many boats wait?", "About twenty."),
            ("Iva Strand", "How long?", "A year."),
            ("Tom Bell", "How long?", "Some wait for three."),
        ],
    ),
    "LIST_OF_PERSONS": (
        "The mission met these persons.\n\nMs Ana Belo – Director, Lake Fund\n\nMr Tom Reed – Harbour officer\n\nThey were met in May.\n",
        [
            (None, "", "The mission met these persons."),
            (None, "", "Ms Ana Belo – Director, Lake Fund"),
            (None, "", "Mr Tom Reed – Harbour officer"),
            (None, "", "They were met in May."),
        ],
    ),
    "NARRATIVE_WITH_LABELS": (
        "The report has two parts.\n\nNote: The second was written later.\n\nWarning: It names nobody.\n",
        [
            (None, "", "The report has two parts."),
            (None, "", "Note: The second was written later."),
            (None, "", "Warning: It names nobody."),
        ],
    ),
}

RETOLD = """### Interview with a nurse

**Date:** 3 May 2020

#### The delegation asked about medicines in the camp

She said that there are none.

The last were used in May.

#### The delegation enquired whether doctors visit

Twice a month.

#### The delegation aksed how people pay

They do not pay.
"""

INTERVIEWS: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "date in the line of the title": (
        "Women's Refuge Network - Date of interview: 2 February 2020\n\nLocation: Hue\n\nAttended by: 3 staff\n\nWRN: Opening remarks\n\n"
        "Questions and answers\n\nQ. How many beds?\n\nA. Twelve.\n",
        [("Women's Refuge Network", "2020-02-02")],
    ),
    "details in one bold line": (
        "**Ministry of Works (MoW)** **Date:** 4 April 2024 **Location:** Online\n\nQ. Who pays?\n\nA. The province.\n",
        [("Ministry of Works (MoW)", "2024-04-04")],
    ),
    "semicolons": (
        "Interview with a driver\n\nDate; 1 May 2023\n\nVenue; Harbour\n\nPresent; driver, one interpreter\n\nRoads are poor.\n",
        [("driver", "2023-05-01")],
    ),
    "dashes and commas": (
        "Interview with a fisherman\n\nDate: 1 May 2023\n\nPresent – fisherman, two members of the delegation\n\nVenue, the harbour office\n\n"
        "The fisherman said that boats are old.\n",
        [("fisherman", "2023-05-01")],
    ),
    "blocks without blank lines": (
        "Interview A\nAgency: Lake Fund\nHeld on: 3 March 2020\n1. How many boats are there?\nNine.\n\n"
        "Interview B\nAgency: Harbour Police\nHeld on: 5 March 2020\n1. Who owns the boats?\nTwo families.\n",
        [("Lake Fund", "2020-03-03"), ("Harbour Police", "2020-03-05")],
    ),
    "blocks with labels of their own": (
        "Respondent 4\nBody spoken to: Lake Fund\nMet on: 3 March 2020\n\n1. How many boats are there?\nNine.\n\n"
        "Respondent 5\nBody spoken to: Harbour Police\nMet on: 5 March 2020\n\n1. Who owns the boats?\nTwo families.\n",
        [("Lake Fund", "2020-03-03"), ("Harbour Police", "2020-03-05")],
    ),
    "labels set off by dashes": (
        "RESPONDENT 1\nOrganisation - Lake Fund\nDate of call - 3 March 2020\n\nQ1. How many boats?\nNine.\n\n"
        "RESPONDENT 2\nOrganisation - Harbour Police\nDate of call - 5 March 2020\n\nQ1. How many boats?\nTwo.\n",
        [("Lake Fund", "2020-03-03"), ("Harbour Police", "2020-03-05")],
    ),
    "labels set off by nothing": (
        "Interview with a cook\n\nDate: 1 May 2023\n\nPresent trader, two officials\n\nFormat of interview, by phone\n\nThe cook said that food is dear.\n",
        [("cook", "2023-05-01")],
    ),
    "a source without a name, questions as topics": (
        "Interview with source D\n\nDate: 3 May 2022\n\nQuestions on courts\n\nJudges are few.\n\nQuestions on land\n\nPapers are lost.\n",
        [("source D", "2022-05-03")],
    ),
    "held and in attendance": (
        "Record of meeting with Lake Fund\n\nHeld: 3 May 2022 (online)\n\nIn attendance: A, B\n\nLake Fund was asked how nets are lent\n\nBy the week, it said.\n",
        [("Lake Fund", "2022-05-03")],
    ),
    "details set off by stops and dashes": (
        "Meeting with Lake Fund\n\nDate - 3 May 2020\n\nPresent. 2 members of the fund\n\nVenue - Port Vale\n\nThe fund said that nets are dear.\n",
        [("Lake Fund", "2020-05-03")],
    ),
    "a label of several words among details": (
        "Interview with a cook\n\nDate: 3 May 2020\n\nThose present; cook, two officials\n\nThe cook said that food is dear.\n",
        [("cook", "2020-05-03")],
    ),
    "date between bars or dashes": (
        "Lake Fund | 3 May 2020 | Port Vale\n\nQuestion: Who lends nets?\n\nAnswer: We do.\n\n"
        "Harbour Police – 4 May 2020 – Port Vale\n\nQuestion: Who steals them?\n\nAnswer: Nobody.\n",
        [("Lake Fund", "2020-05-03"), ("Harbour Police", "2020-05-04")],
    ),
    "numbered blocks": (
        "QUESTIONNAIRE NO. 1\nInformant: Lake Fund\nDate and mode: 3 May 2020, by phone\n\n- Who lends nets?\n\nWe do.\n\n"
        "QUESTIONNAIRE NO. 2\nInformant: Harbour Police\nDate and mode: 4 May 2020, by phone\n\n- Who steals them?\n\nNobody.\n",
        [("Lake Fund", "2020-05-03"), ("Harbour Police", "2020-05-04")],
    ),
    "numbered persons with what is told of them": (
        "Respondent 1 (woman, 40)\nOrganisation: Lake Fund\nMet on: 3 May 2020\n\na) Who lends nets?\nWe do.\n\n"
        "Respondent 2 (man, 51)\nOrganisation: Harbour Police\nMet on: 4 May 2020\n\na) Who steals them?\nNobody.\n",
        [("Lake Fund", "2020-05-03"), ("Harbour Police", "2020-05-04")],
    ),
    "source named in the heading": (
        "### Source: Consular source (C)\n\nDate: 3 May 2020\n\n#### On papers\n\nThey take a month.\n\n#### On boats\n\nThey are few.\n",
        [("Consular source (C)", "2020-05-03")],
    ),
    "headings that ask without a question mark": (
        "# Meeting with Lake Fund, 3 May 2020\n\n## Can families come back?\n\nThey can.\n\n## Who helps them then\n\nNobody does.\n",
        [("Lake Fund", "2020-05-03")],
    ),
    "plain headings with details": (
        "Meeting with a land officer\n\nDate: 8 June 2021\n\nPlace: Port Vale\n\nOfficials asked how land is registered\n\nA clerk writes it into a book.\n\n"
        "Meeting with a teacher\n\nDate: 9 June 2021\n\nOfficials asked about fees\n\nFees are high.\n",
        [("land officer", "2021-06-08"), ("teacher", "2021-06-09")],
    ),
}

GUIDE = """Guide: Why Do Families Leave and What Can You Do About It?

The guide is for teachers.

Do you want to help?

You can give money or join us.

How do families in your village live now?

They sell wood.
"""

QUOTATIONS = """2.3.1 In its report of May 2021, Lantern Rights Group wrote:

“Women are held in cells with men.

“Guards take their phones.”

2.3.2 According to the Bureau of Statistics:

“Some 400 women were held in 2020.”

2.3.3 The same source added:

“Nobody counts the men.”

2.3.4 The 2019 harbour survey found that:

> Nets are old.

2.3.5 Cells are cold.
"""

NUMBERED = """14. The mission went to the three
camps in the hills, where it met
the elders.
15. It heard that wells were dry and that
lorries no longer came.
7
Most families had left for the town.
16. The mission saw the clinic, which has
no doctor.
"""

FURNITURE: dict[str, tuple[str, list[tuple[str | None, str]]]] = {
    "notice of what was taken out": (
        "1. Basis\n\n1.1.1 Claims are read with care.\n\nRestricted – Internal use only: Section begins\n\nThe text here has been withheld.\n\n"
        "Restricted – Internal use only: Section ends\n\n2. Protection\n\n2.1.1 Police do not come to the villages.\n",
        [("1. Basis", "Claims are read with care."), ("2. Protection", "Police do not come to the villages.")],
    ),
    "text between the edges of a part": (
        "[Annex begins]\n\n"
        + "Nobody goes there by night, said one of the two men who keep the gate of the town. " * 6
        + "\n\n[Annex ends]\n",
        [(None, ("Nobody goes there by night, said one of the two men who keep the gate of the town. " * 6).strip())],
    ),
    "headings that speak of a start and an end": (
        "# Notes\n\n## Start of the harvest\n\nBoys stay at home.\n\n## End of the harvest\n\nThey go back to school.\n",
        [("Start of the harvest", "Boys stay at home."), ("End of the harvest", "They go back to school.")],
    ),
    "lines of the version": (
        "Country Note: Maravia\n\nVersion 2.1 | March 2023\n\nLast updated: 14 March 2023\n\nMain points\n\nRoads are mined.\n",
        [("Main points", "Roads are mined.")],
    ),
    "contents with dots and pages apart": (
        "Table of Contents\n\nPage\n\nOath . . . . . . . . . . . .\n\ni\n\nBills _______________\n\n12-19\n\nMotions ……………………\n\n20\n\nRoads\n\n"
        "The road to the port is closed.\n",
        [("Roads", "The road to the port is closed.")],
    ),
    "contents within a line": (
        "Mission to Ostland Contents Roads .......... 4 Wells ......... 7 Camps ........ 12 Lorries no longer come to the camps.\n",
        [(None, "Lorries no longer come to the camps.")],
    ),
    "contents as links": (
        "# Ostland\n\n1. [Roads](#roads)\n2. [Wells](#wells)\n   1. [Dry Wells](#dry)\n\n## Roads\n\nThey are closed.\n",
        [("Roads", "They are closed.")],
    ),
    "contents of the page": (
        "# Ostland\n\n## In this report\n\n1. Orphans\n2. Schooling\n\n## Roads\n\nThey are closed.\n",
        [("Roads", "They are closed.")],
    ),
    "contents under any heading": (
        "# Ostland\n\n- Roads\n- Wells\n- Camps\n\n## Roads\n\nThey are closed.\n\n## Wells\n\nThey are dry.\n\n## Camps\n\nThey are full.\n",
        [("Roads", "They are closed."), ("Wells", "They are dry."), ("Camps", "They are full.")],
    ),
    "row of links": (
        "[Start](https://example.org)[Notes](/notes/)[Office of Roads and Wells](//example.org/office/)\n\nThe road is closed.\n",
        [(None, "The road is closed.")],
    ),
    "index without page numbers in its lines": (
        "INDEX\n\nPage No.\n\nPrayers .................\n\n1\n\nPetitions: Water in the hills .....\n\n2-3\n\nPRAYERS\n\nThe House met at ten and prayed.\n",
        [("PRAYERS", "The House met at ten and prayed.")],
    ),
    "edges in other words": (
        "2.1 The road is mined.\n\n--- START OF REDACTED TEXT ---\n\nNot shown.\n\n--- END OF REDACTED TEXT ---\n\n2.2 The bridge is closed.\n",
        [(None, "The road is mined."), (None, "The bridge is closed.")],
    ),
    "page range in a contents list": (
        "Contents\n\nRoads ................ 2\n\nWells and camps ................ 9–11\n\nRoads\n\nThey are closed.\n",
        [("Roads", "They are closed.")],
    ),
    "field with its name right above its boxes": (
        "Report of a sighting\n\nSex\n[ ] Male\n[ ] Female\n\nYour name (optional)\n\nPlease print it.\n",
        [],
    ),
    "what follows from a box": (
        "Are you hurt?\n\n□ Yes □ No\n\nIf you are, please say where.\n",
        [],
    ),
    "mark of a note alone": (
        "The road is closed.\n\n[footnote 12]\n\nThe bridge is open.\n",
        [(None, "The road is closed."), (None, "The bridge is open.")],
    ),
    "boxes within lines": (
        "Is the person safe now? ☐ Yes ☐ No\n\nDoes the person speak your language?\n\n( ) Yes\n( ) No\n\nTell us what happened\n\nYou can write in any language.\n",
        [],
    ),
    "empty form": (
        "Where did you meet the person?\n\n[ ] At work\n[ ] At home\n[ ] Elsewhere\n\nHow can we reach you?\n\n"
        "Give your telephone number or an address that you read often.\n\nSignature: ________________\n",
        [],
    ),
}

FRONT = """# Country note

## Preface

Officers use this note.

## Roads

Roads are mined.

## Methods of traffickers

The methods of traffickers have changed.

## Annex A: Glossary

VOT means victim.

## Annex B: People interviewed

Nine people were met.
"""
