"""Danish."""

from __future__ import annotations

from bench.farm.words.words import Words, listed

DANISH = Words(
    actors=listed(
        "virksomheder institutter leverandører værksteder universiteter hospitaler iværksættere "
        "ingeniører forskere kommuner foreninger producenter planlæggere studerende laboratorier "
        "håndværkere landmænd netværk lærlinge sygeplejersker kontrollanter skibsværfter "
        "støberier mejerier vognmænd fagskoler læger bygherrer kemikere investorer"
    ),
    verbs=listed(
        "afprøver sammenligner udvikler undersøger erstatter forbinder måler planlægger "
        "fremstiller beskriver studerer forbedrer bestiller leverer samler sorterer bruger "
        "forklarer adskiller iagttager finansierer sælger renser tørrer belægger dokumenterer "
        "reparerer viser drøfter vurderer"
    ),
    adjectives=listed(
        "lette robuste billige sparsomme nye brugte præcise små tynde bøjelige lukkede åbne sikre "
        "forbundne bærbare enkle dyre sjældne holdbare rene stille hurtige kølige flydende "
        "gennemsigtige fælles velprøvede ældre regionale certificerede genbrugelige tætte "
        "følsomme trykte slidstærke modulære"
    ),
    stems=listed(
        "laser brint træ fiber måle radio varme køle prøve sprøjte fræse lys ultralyds vævs metal "
        "keramik batteri lager klinik hal strøm billed data pumpe filter lim gribe rør tag sol "
        "vind renrums"
    ),
    things=listed(
        "sensorer dele metoder anlæg værktøjer modeller prøver apparater plader lag kæder net "
        "kamre systemer mønstre stoffer motorer huse ledninger hoveder moduler programmer kort "
        "bassiner ventiler holdere kontakter spoler borde vinduer planer rapporter riste kabler "
        "beholdere dyser spejle lejer rammer celler sier"
    ),
    compound="{stem}{thing}",
    stems_joined="{stem}{other}",
    phrases=(
        "i regionen", "siden sommeren", "uden omveje", "efter lang forberedelse",
        "under normal drift", "under åben himmel", "for første gang", "på tre steder",
        "for egne midler", "uden for byen", "i små skridt", "i laboratoriet", "om natten",
        "på campus", "på den anden side af grænsen", "ved samlebåndet", "ved minus tyve grader",
        "sammen med skoler", "trods stramme budgetter", "ved siden af det daglige arbejde",
        "på vegne af kommunen", "inden årets udgang", "i en tidligere lagerhal",
        "efter ønske fra medlemmerne", "i andet forsøg",
    ),
    patterns=(
        "{Actors} {verb} {adj} {things} {phrase}.",
        "{Phrase} {verb} {actors} {adj} {things}.",
        "{Actors} {verb} {things}, fordi {others} {also} {adj} {parts}.",
        "Mens {actors} {verb} {things}, {also} {others} {adj} {parts} {phrase}.",
        "Det gælder {adj} {things} til {actors}, men også {parts}.",
        "{Adj} {things} erstatter {parts}, som {actors} {verb} {phrase}.",
        "At {actors} {verb} {things} {phrase}, har længe været almindeligt dér.",
        "Samtidig {verb} {n} {actors} {things} og {parts}, nogle af dem {adj}.",
        "Den, der har brug for {things}, finder dem {phrase}: {actors} {verb} dem dér.",
        "Det er åbent, om {others} {verb} {adj} {things} eller {also} {parts}.",
        "Når det gælder {things}, {verb} {actors} mest {parts} {phrase}.",
        "{Actors}, som {verb} {things}, {also} også {adj} {parts} {phrase}.",
        "Selv {adj} {things} {verb} de {actors} nu {phrase}.",
        "Ikke alle {actors} {verb} {things}; nogle {also} hellere {parts}.",
        "Det hjælper ikke på {adj} {parts}, men {others} {verb} {things} {phrase}.",
        "Uden {adj} {parts} {verb} {actors} sjældent {things}, og {others} {also} intet.",
    ),
    facts=(
        ("{org} har sammen med {n} partnere startet projektet {project} i {place}.",
         "I {place} er {project} gået i gang, ledet af {org} med {n} andre partnere."),
        ("{partner} fra {town} er også med.",
         "Fra {town} kommer {partner} som den anden hovedpartner."),
        ("Arbejdet støttes med {amount} millioner euro.",
         "Der er afsat {amount} millioner euro til det over flere år."),
        ("„Efterspørgslen efter {topic} vokser,“ siger {person} fra {org}.",
         "{person} fra {org} peger på den voksende efterspørgsel efter {topic}."),
        ("Inden {year} vil partnerne vise, hvad {topic} kan gøre for mindre virksomheder.",
         "Målet er at gøre {topic} til hverdag på værkstederne inden {year}."),
        ("I alt {many} medarbejdere deltog i forsøgene.",
         "Forsøgene er indtil nu blevet fulgt af {many} medarbejdere."),
        ("{speaker} fremlægger de første resultater i {town} den {day}.",
         "Den {day} fortæller {speaker} i {town} om de første resultater."),
        ("Navnet {project} står for tanken om kortere veje.",
         "Under navnet {project} skal først og fremmest spild undgås."),
        ("{speaker} har ledet afdelingen i {town} siden den {day}.",
         "Siden den {day} har kontoret i {town} haft {speaker} som leder."),
        ("{partner} overtager {many} kvadratmeter gulvplads i {place}.",
         "I {place} flytter {partner} ind i et nyt hus på {many} kvadratmeter."),
        ("Omsætningen hos {org} steg til {amount} millioner euro.",
         "{org} omsatte senest for {amount} millioner euro, mere end nogensinde."),
        ("En jury på {n} hædrede {person} i {town}.",
         "I {town} modtog {person} prisen fra en jury på {n}."),
        ("Kurset har {n} lektioner og begynder den {day}.",
         "Den første uddannelse starter den {day}, og der er {n} pladser tilbage."),
        ("Inden {year} skal {many} husstande tilsluttes.",
         "Planen er at forsyne {many} boliger inden {year}."),
        ("{org} har søgt patent på {project}, det {n}. i dette årti.",
         "Der er søgt patent på {project}; {org} har allerede {n} i forvejen."),
        ("Byen {town} lægger {amount} millioner euro oveni.",
         "{town} giver også {amount} millioner euro, har byrådet besluttet."),
    ),
    titles=(
        "{Topic}: {org} starter {project} i {place}",
        "{project}: {amount} millioner euro til {topic} i {place}",
        "{org} og {partner} går sammen om {topic}",
        "{many} medarbejdere afprøver {project} i {place}",
        "Sådan betræder {org} nyt land med {project}",
        "{place} får med {project} et projekt om {topic}",
    ),
    headings=(
        "Baggrund", "De næste skridt", "Stemmer fra praksis", "Om projektet",
        "Det får virksomhederne", "Et blik tilbage", "Sådan fortsætter det", "Partnerne",
    ),
    topics=(
        "maskinlæring", "3D-print", "brint", "letvægtsdesign", "robotteknologi", "billeddannelse",
        "fotonik", "træbyggeri", "diagnostik", "måleteknik", "cirkulær økonomi", "plejeteknologi",
        "logistik", "kunstig intelligens", "geotermi", "bioprocesser", "cybersikkerhed",
        "overfladeteknik", "ernæring", "rumfart",
    ),
    months=listed(

        "januar februar marts april maj juni juli august september oktober november december"
    ),
    day="{day}. {month} {year}",
    comma=",",
    about="Om {name}: Netværket fra {place} taler for {n} medlemmer og støttes af regionen. "
    "Optryk er gratis; send gerne et eksemplar.",
)  # fmt: skip
