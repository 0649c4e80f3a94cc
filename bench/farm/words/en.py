"""English."""

from __future__ import annotations

from bench.farm.words.words import Words, listed

ENGLISH = Words(
    actors=listed(
        "suppliers institutes workshops universities hospitals founders engineers researchers "
        "councils makers planners students laboratories utilities craftsmen farmers networks "
        "apprentices nurses inspectors shipyards foundries dairies hauliers schools surgeons "
        "builders chemists investors designers"
    ),
    verbs=listed(
        "test compare develop inspect replace connect measure plan build describe study improve "
        "order deliver collect sort use explain dismantle observe finance sell clean dry coat "
        "document repair show discuss rate"
    ),
    adjectives=listed(
        "light robust affordable frugal new used precise small thin flexible soluble closed open "
        "safe networked portable simple costly rare durable clean quiet fast cool liquid "
        "transparent shared proven older regional certified reusable dense sensitive printed "
        "modular"
    ),
    stems=listed(
        "laser hydrogen timber fibre measuring radio heat cooling test injection milling light "
        "ultrasound tissue metal ceramic battery storage clinic warehouse hall power image data "
        "pump filter bonding gripping pipe roof solar cleanroom"
    ),
    things=listed(
        "sensors components methods plants tools models samples devices plates layers chains "
        "networks chambers systems patterns materials drives housings lines heads modules "
        "programmes maps basins valves carriers switches coils tables windows engines plans "
        "reports grates cables containers nozzles mirrors bearings frames cells sieves"
    ),
    compound="{stem} {thing}",
    stems_joined="{stem} {other}",
    phrases=(
        "in the region", "since the summer", "without detours", "after long preparation",
        "during normal operation", "in the open air", "for the first time", "at three sites",
        "with funds of their own", "outside the city", "in small steps", "in the laboratory",
        "during the night shift", "on the campus", "across the border", "on the assembly line",
        "at minus twenty degrees", "together with schools", "in spite of tight budgets",
        "beside their daily business", "on behalf of the county", "by the end of the year",
        "in a former warehouse", "at the request of members", "at the second attempt",
    ),
    patterns=(
        "{Actors} {verb} {adj} {things} {phrase}.",
        "{Phrase}, {actors} {verb} {adj} {things}.",
        "{Actors} {verb} {things} because {others} {also} {adj} {parts}.",
        "While {actors} {verb} {things}, {others} {also} {adj} {parts} {phrase}.",
        "Among them are {adj} {things} for {actors}, but also {parts}.",
        "{Adj} {things} replace {parts} that {actors} {verb} {phrase}.",
        "That {actors} {verb} {things} {phrase} has long been common there.",
        "At the same time {n} {actors} {verb} {things} and {parts}, some of them {adj}.",
        "Those who need {things} find them {phrase}: {actors} {verb} them there.",
        "It is open whether {others} will {verb} {adj} {things} or {also} {parts}.",
        "For {things}, {actors} mainly {verb} {parts} {phrase}.",
        "{Actors} that {verb} {things} also {also} {adj} {parts} {phrase}.",
        "Even {adj} {things} are what {actors} now {verb} {phrase}.",
        "Not all {actors} {verb} {things}; some rather {also} {parts}.",
        "This does little for {adj} {parts}, yet {others} {verb} {things} {phrase}.",
        "Without {adj} {parts}, {actors} hardly {verb} {things} and {others} {also} nothing.",
    ),
    facts=(
        ("{org} has started the project {project} in {place} together with {n} partners.",
         "Work on {project} has begun in {place}, led by {org} with {n} further partners."),
        ("{partner} from {town} takes part as well.",
         "A second lead partner, {partner}, comes from {town}."),
        ("The work is funded with {amount} million euros.",
         "Some {amount} million euros have been set aside for it over several years."),
        ("“The demand for {topic} is growing,” says {person} of {org}.",
         "{person} of {org} points to the growing demand for {topic}."),
        ("By {year} the partners want to show what {topic} can do for smaller firms.",
         "The aim is to bring {topic} into the routine of workshops by {year}."),
        ("In all, {many} employees took part in the trials.",
         "The trials have been joined by {many} employees so far."),
        ("{speaker} will present the first results in {town} on {day}.",
         "On {day}, {speaker} will report in {town} on the first results."),
        ("The name {project} stands for the idea of shorter distances.",
         "Under the name {project}, above all waste is to be avoided."),
        ("{speaker} has headed the branch in {town} since {day}.",
         "Since {day} the office in {town} has been led by {speaker}."),
        ("{partner} takes over {many} square metres of floor space in {place}.",
         "In {place}, {partner} moves into a new building of {many} square metres."),
        ("Turnover at {org} rose to {amount} million euros.",
         "{org} last turned over {amount} million euros, more than ever before."),
        ("A jury of {n} honoured {person} in {town}.",
         "In {town}, {person} received the award of a jury of {n}."),
        ("The course has {n} lessons and begins on {day}.",
         "The first training starts on {day}, with {n} places left."),
        ("By {year}, {many} households are to be connected.",
         "Plans are to supply {many} homes by {year}."),
        ("{org} has applied for a patent on {project}, its number {n} this decade.",
         "A patent for {project} is pending; {org} already holds {n} of them."),
        ("The city of {town} adds {amount} million euros.",
         "{town} gives {amount} million euros as well, its council decided."),
    ),
    titles=(
        "{Topic}: {org} launches {project} in {place}",
        "{project}: {amount} million euros for {topic} in {place}",
        "{org} and {partner} join forces on {topic}",
        "{many} employees try out {project} in {place}",
        "How {org} breaks new ground with {project}",
        "{place} gains a venture in {topic} with {project}",
    ),
    headings=(
        "Background", "Next steps", "Voices from practice", "About the project",
        "What firms gain", "A look back", "How it goes on", "The partners",
    ),
    topics=(
        "machine learning", "additive manufacturing", "hydrogen", "lightweight design", "robotics",
        "imaging", "photonics", "timber building", "diagnostics", "metrology", "circular economy",
        "care technology", "logistics", "artificial intelligence", "geothermal energy",
        "bioprocessing", "cyber security", "surface technology", "nutrition", "space travel",
    ),
    months=listed(
        "January February March April May June July August September October November "
        "December"
    ),
    day="{day} {month} {year}",
    comma=".",
    about="About {name}: the network from {place} speaks for {n} members and is supported by the "
    "region. Reprints are free of charge; please send a copy.",
)  # fmt: skip
