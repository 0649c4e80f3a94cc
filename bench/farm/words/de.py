"""German."""

from __future__ import annotations

from bench.farm.words.words import Words, listed

GERMAN = Words(
    actors=listed(
        "Betriebe Institute Zulieferer Werkstätten Hochschulen Kliniken Gründerinnen Fachleute "
        "Ingenieure Forscherinnen Kommunen Verbände Hersteller Maschinenbauer Planer Studierende "
        "Labore Stadtwerke Handwerker Familienunternehmen Landwirte Netzwerke Auszubildende "
        "Pflegekräfte Prüfstellen Werften Gießereien Molkereien Speditionen Berufsschulen"
    ),
    verbs=listed(
        "erproben vergleichen entwickeln prüfen ersetzen verbinden vermessen planen fertigen "
        "beschreiben untersuchen verbessern bestellen liefern sammeln sortieren nutzen erklären "
        "zerlegen beobachten finanzieren verkaufen reinigen trocknen beschichten dokumentieren "
        "reparieren zeigen besprechen bewerten"
    ),
    adjectives=listed(
        "leichte robuste günstige sparsame neue gebrauchte genaue kleine dünne biegsame lösbare "
        "geschlossene offene sichere vernetzte tragbare einfache teure seltene haltbare saubere "
        "leise schnelle kühle flüssige durchsichtige gemeinsame erprobte ältere regionale "
        "zertifizierte wiederverwendbare dichte empfindliche gedruckte wartungsarme"
    ),
    stems=listed(
        "Laser Wasserstoff Holz Faser Mess Funk Wärme Kühl Prüf Spritz Fräs Licht Ultraschall "
        "Gewebe Metall Keramik Batterie Speicher Klinik Lager Hallen Strom Bild Daten Pumpen "
        "Filter Klebe Greif Rohr Dach Solar Reinraum"
    ),
    things=listed(
        "sensoren bauteile verfahren anlagen werkzeuge modelle proben geräte platten schichten "
        "ketten netze kammern systeme muster stoffe antriebe gehäuse leitungen köpfe module "
        "programme karten becken ventile träger schalter spulen tische fenster motoren pläne "
        "berichte roste kabel behälter düsen spiegel lager rahmen zellen siebe"
    ),
    compound="{stem}{thing}",
    stems_joined="{stem}{other}",
    phrases=(
        "in der Region", "seit dem Sommer", "ohne Umwege", "nach langer Vorbereitung",
        "im laufenden Betrieb", "unter freiem Himmel", "zum ersten Mal", "an drei Standorten",
        "mit eigenen Mitteln", "vor den Toren der Stadt", "in kleinen Schritten", "im Labor",
        "während der Nachtschicht", "auf dem Campus", "jenseits der Grenze", "am Fließband",
        "bei minus zwanzig Grad", "in Zusammenarbeit mit Schulen", "trotz knapper Kassen",
        "neben dem Tagesgeschäft", "im Auftrag des Landes", "bis zum Jahresende",
        "in einem früheren Lagerhaus", "auf Wunsch der Mitglieder", "im zweiten Anlauf",
    ),
    patterns=(
        "{Actors} {verb} {adj} {things} {phrase}.",
        "{Phrase} {verb} {actors} {adj} {things}.",
        "{Actors} {verb} {things}, weil {others} {adj} {parts} {also}.",
        "Während {actors} {things} {verb}, {also} {others} {adj} {parts} {phrase}.",
        "Dazu gehören {adj} {things} für {actors}, aber auch {parts}.",
        "{Adj} {things} ersetzen {parts}, die {actors} {phrase} {verb}.",
        "Dass {actors} {phrase} {things} {verb}, gilt dort längst als üblich.",
        "Zugleich {verb} {n} {actors} {things} und {parts}, {phrase} sogar {adj}.",
        "Wer {things} braucht, findet sie {phrase}: {actors} {verb} sie dort.",
        "Offen ist, ob {others} {adj} {things} {verb} oder {parts} {also}.",
        "Bei {things} {verb} {actors} {phrase} vor allem {parts}.",
        "{Actors}, die {things} {verb}, {also} {phrase} auch {adj} {parts}.",
        "Selbst {adj} {things} {verb} die {actors} nun {phrase}.",
        "Nicht alle {actors} {verb} {things}; manche {also} lieber {parts}.",
        "Gegen {adj} {parts} hilft das wenig, doch {others} {verb} {things} {phrase}.",
        "Für {things} brauchen {actors} {adj} {parts}, sonst {also} {others} nichts.",
    ),
    facts=(
        ("{org} hat in {place} gemeinsam mit {n} Partnern das Vorhaben {project} begonnen.",
         "In {place} ist {project} gestartet, ein Vorhaben von {org} und {n} weiteren Partnern."),
        ("Beteiligt ist auch {partner} aus {town}.",
         "Aus {town} kommt mit {partner} ein zweiter Träger hinzu."),
        ("Gefördert wird die Arbeit mit {amount} Millionen Euro.",
         "Dafür stehen {amount} Millionen Euro bereit, verteilt auf mehrere Jahre."),
        ("„Die Nachfrage nach {topic} wächst“, sagt {person} von {org}.",
         "{person} von {org} verweist auf die wachsende Nachfrage nach {topic}."),
        ("Bis {year} soll sich zeigen, was {topic} in Betrieben leisten kann.",
         "Ziel ist, {topic} bis {year} in den Alltag von Werkstätten zu bringen."),
        ("An den Versuchen nahmen {many} Beschäftigte teil.",
         "{many} Beschäftigte haben die Versuche bisher begleitet."),
        ("Erste Ergebnisse stellt {speaker} am {day} in {town} vor.",
         "Am {day} berichtet {speaker} in {town} über die ersten Ergebnisse."),
        ("Der Name {project} steht für den Gedanken, Wege zu verkürzen.",
         "Unter dem Namen {project} soll vor allem Ausschuss vermieden werden."),
        ("{speaker} leitet seit dem {day} die Außenstelle in {town}.",
         "Seit dem {day} steht {speaker} an der Spitze der Niederlassung in {town}."),
        ("{partner} übernimmt {many} Quadratmeter Hallenfläche in {place}.",
         "In {place} bezieht {partner} einen Neubau mit {many} Quadratmetern."),
        ("Der Umsatz von {org} stieg auf {amount} Millionen Euro.",
         "{org} setzte zuletzt {amount} Millionen Euro um, mehr als je zuvor."),
        ("Eine Jury aus {n} Mitgliedern zeichnete {person} in {town} aus.",
         "{person} erhielt in {town} die Auszeichnung einer {n}-köpfigen Jury."),
        ("Der Kurs umfasst {n} Lektionen und beginnt am {day}.",
         "Am {day} fängt der erste Lehrgang an, {n} Plätze sind frei."),
        ("{many} Haushalte sollen bis {year} angeschlossen sein.",
         "Vorgesehen ist, bis {year} {many} Wohnungen zu versorgen."),
        ("{org} hat {project} zum Patent angemeldet, das {n}. in diesem Jahrzehnt.",
         "Für {project} läuft ein Patentverfahren; {org} hält bereits {n} Schutzrechte."),
        ("Die Stadt {town} zieht mit {amount} Millionen Euro nach.",
         "Auch {town} gibt {amount} Millionen Euro, wie der Rat beschloss."),
    ),
    titles=(
        "{Topic}: {org} startet {project} in {place}",
        "{project}: {amount} Millionen Euro für {topic} in {place}",
        "{org} und {partner} arbeiten bei {topic} zusammen",
        "{many} Beschäftigte erproben {project} in {place}",
        "Wie {org} mit {project} Neuland betritt",
        "{place} bekommt mit {project} ein Vorhaben zu {topic}",
    ),
    headings=(
        "Hintergrund", "Die nächsten Schritte", "Stimmen aus der Praxis", "Zum Vorhaben",
        "Was die Betriebe davon haben", "Ein Blick zurück", "Wie es weitergeht", "Die Partner",
    ),
    topics=(
        "künstlicher Intelligenz", "additiver Fertigung", "Wasserstoff", "Leichtbau", "Robotik",
        "Bildgebung", "Photonik", "Holzbau", "Diagnostik", "Messtechnik", "Kreislaufwirtschaft",
        "Pflegetechnik", "Logistik", "maschinellem Lernen", "Geothermie", "Bioverfahren",
        "Cybersicherheit", "Oberflächentechnik", "Ernährung", "Raumfahrt",
    ),
    months=listed(
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
    ),
    day="{day}. {month} {year}",
    comma=",",
    about="Über {name}: Das Netzwerk aus {place} vertritt {n} Mitglieder und wird vom Land "
    "gefördert. Nachdruck honorarfrei, Beleg erbeten.",
)  # fmt: skip
