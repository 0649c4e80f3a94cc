"""French."""

from __future__ import annotations

from bench.farm.words.words import Words, listed

FRENCH = Words(
    actors=listed(
        "fournisseurs instituts ateliers établissements hôpitaux fondateurs ingénieurs chercheurs "
        "élus fabricants urbanistes étudiants laboratoires artisans agriculteurs réseaux "
        "apprentis infirmiers inspecteurs chantiers fondeurs laitiers transporteurs lycées "
        "chirurgiens maçons chimistes investisseurs dessinateurs opérateurs"
    ),
    verbs=listed(
        "testent comparent développent contrôlent remplacent relient mesurent préparent "
        "construisent décrivent étudient améliorent commandent livrent collectent trient "
        "utilisent expliquent démontent observent financent vendent nettoient sèchent recouvrent "
        "documentent réparent montrent évaluent présentent"
    ),
    adjectives=listed(
        "légers robustes abordables sobres nouveaux usagés précis petits minces souples fermés "
        "ouverts sûrs connectés portables simples coûteux rares durables propres silencieux "
        "rapides froids liquides transparents communs éprouvés anciens régionaux certifiés "
        "réutilisables denses sensibles imprimés modulaires compacts"
    ),
    stems=(
        "à laser", "à hydrogène", "en bois", "en fibre", "de mesure", "par radio", "de chauffage",
        "de refroidissement", "de contrôle", "d'injection", "de fraisage", "de lumière",
        "à ultrasons", "en tissu", "en métal", "en céramique", "de batterie", "de stockage",
        "de clinique", "de magasin", "de halle", "de courant", "d'image", "de données",
        "de pompage", "de filtrage", "de collage", "de préhension", "de toiture", "solaires",
        "de salle blanche", "de ventilation",
    ),
    things=listed(
        "capteurs composants procédés équipements outils modèles échantillons appareils panneaux "
        "réseaux systèmes motifs matériaux moteurs boîtiers tuyaux modules programmes plans "
        "bassins supports interrupteurs bancs cadres rapports câbles récipients miroirs paliers "
        "tamis robots dispositifs prototypes circuits tableaux raccords ressorts joints châssis "
        "écrans"
    ),
    compound="{thing} {stem}",
    stems_joined="{other} {stem}",
    phrases=(
        "dans la région", "depuis l'été", "sans détour", "après une longue préparation",
        "en service normal", "en plein air", "pour la première fois", "sur trois sites",
        "avec leurs propres moyens", "aux portes de la ville", "à petits pas", "au laboratoire",
        "pendant la nuit", "sur le campus", "de l'autre côté de la frontière", "sur la chaîne",
        "par moins vingt degrés", "avec des écoles", "malgré des budgets serrés",
        "à côté de leur travail quotidien", "au nom du département", "avant la fin de l'année",
        "dans un ancien entrepôt", "à la demande des membres", "au deuxième essai",
    ),
    patterns=(
        "Les {actors} {verb} des {things} {adj} {phrase}.",
        "{Phrase}, des {actors} {verb} des {things} {adj}.",
        "Les {actors} {verb} des {things} parce que les {others} {also} des {parts} {adj}.",
        "Tandis que les {actors} {verb} des {things}, les {others} {also} des {parts} {phrase}.",
        "Parmi eux figurent des {things} {adj} pour les {actors}, mais aussi des {parts}.",
        "Des {things} {adj} remplacent les {parts} que les {actors} {verb} {phrase}.",
        "Que les {actors} {verb} des {things} {phrase}, cela est courant depuis longtemps.",
        "En même temps, {n} {actors} {verb} des {things} et des {parts}, parfois {adj}.",
        "Qui a besoin de {things} les trouve {phrase} : des {actors} les {verb} sur place.",
        "Reste à savoir si les {others} {verb} des {things} {adj} ou {also} des {parts}.",
        "Pour les {things}, les {actors} {verb} surtout des {parts} {phrase}.",
        "Les {actors} qui {verb} des {things} {also} aussi des {parts} {adj}.",
        "Même des {things} {adj}, les {actors} les {verb} désormais {phrase}.",
        "Tous les {actors} ne {verb} pas des {things} ; certains {also} plutôt des {parts}.",
        "Cela aide peu les {parts} {adj}, mais les {others} {verb} des {things} {phrase}.",
        "Sans {parts} {adj}, les {actors} {verb} rarement des {things}.",
    ),
    facts=(
        ("{org} a lancé le projet {project} à {place} avec {n} partenaires.",
         "À {place}, {project} a démarré sous la conduite de {org} et de {n} autres partenaires."),
        ("{partner}, de {town}, y participe également.",
         "De {town} vient un second chef de file, {partner}."),
        ("Le travail est financé à hauteur de {amount} millions d'euros.",
         "Quelque {amount} millions d'euros y sont consacrés sur plusieurs années."),
        ("« La demande en {topic} augmente », dit {person}, de {org}.",
         "{person}, de {org}, constate que la demande en {topic} augmente."),
        ("D'ici {year}, les partenaires veulent montrer l'intérêt du thème : {topic}.",
         "Le but est de faire entrer le sujet ({topic}) dans les ateliers d'ici {year}."),
        ("En tout, {many} salariés ont pris part aux essais.",
         "Les essais ont été suivis jusqu'ici par {many} salariés."),
        ("{speaker} présentera les premiers résultats à {town} le {day}.",
         "Le {day}, {speaker} rendra compte des premiers résultats à {town}."),
        ("Le nom {project} exprime l'idée de trajets plus courts.",
         "Sous le nom {project}, il s'agit surtout d'éviter les rebuts."),
        ("{speaker} dirige l'antenne de {town} depuis le {day}.",
         "Depuis le {day}, le bureau de {town} est dirigé par {speaker}."),
        ("{partner} reprend {many} mètres carrés de halles à {place}.",
         "À {place}, {partner} s'installe dans un bâtiment neuf de {many} mètres carrés."),
        ("Le chiffre d'affaires de {org} atteint {amount} millions d'euros.",
         "{org} a réalisé {amount} millions d'euros de ventes, un record."),
        ("Un jury de {n} membres a distingué {person} à {town}.",
         "À {town}, {person} a reçu le prix d'un jury de {n} membres."),
        ("La formation compte {n} leçons et commence le {day}.",
         "Le premier cours débute le {day} ; il reste {n} places."),
        ("D'ici {year}, {many} foyers doivent être raccordés.",
         "Il est prévu d'alimenter {many} logements d'ici {year}."),
        ("{org} a déposé un brevet pour {project}, le {n}e de la décennie.",
         "Un brevet est demandé pour {project} ; {org} en détient déjà {n}."),
        ("La ville de {town} ajoute {amount} millions d'euros.",
         "{town} donne aussi {amount} millions d'euros, a décidé son conseil."),
    ),
    titles=(
        "{Topic} : {org} lance {project} à {place}",
        "{project} : {amount} millions d'euros pour un projet à {place}",
        "{org} et {partner} s'associent ({topic})",
        "{many} salariés essaient {project} à {place}",
        "Comment {org} innove avec {project}",
        "{place} accueille {project}, un projet sur le thème : {topic}",
    ),
    headings=(
        "Contexte", "Les prochaines étapes", "Paroles de terrain", "À propos du projet",
        "Ce que les entreprises y gagnent", "Retour en arrière", "La suite", "Les partenaires",
    ),
    topics=(
        "apprentissage automatique", "fabrication additive", "hydrogène", "allègement", "robotique",
        "imagerie", "photonique", "construction en bois", "diagnostic", "métrologie", "recyclage",
        "soins à domicile", "logistique", "intelligence artificielle", "géothermie", "bioprocédés",
        "cybersécurité", "traitement de surface", "nutrition", "espace",
    ),
    months=listed(

        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
    ),
    day="{day} {month} {year}",
    comma=",",
    about="À propos de {name} : le réseau de {place} compte {n} membres et reçoit le soutien de la "
    "région. Reproduction gratuite, merci d'envoyer un exemplaire.",
)  # fmt: skip
