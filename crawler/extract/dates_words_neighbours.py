"""Month names in the languages around ours: months in order, the spellings of one month apart
by spaces. Left out are Croatian October, which is the Polish and Czech November,
and Malay March (mac)."""

from __future__ import annotations

_NEIGHBOURS: dict[str, str] = {
    "tr": "ocak oca, şubat subat şub, mart, nisan, mayıs mayis, haziran haz, temmuz, "
    "ağustos agustos ağu, eylül eylul eyl, ekim, kasım kasim, aralık aralik",
    "ru": "январь января янв, февраль февраля фев февр, март марта мар, апрель апреля апр, "
    "май мая, июнь июня июн, июль июля июл, август августа авг, сентябрь сентября сен сент, "
    "октябрь октября окт, ноябрь ноября ноя нояб, декабрь декабря дек",
    "uk": "січень січня січ, лютий лютого лют, березень березня бер, квітень квітня кві квіт, "
    "травень травня тра трав, червень червня чер черв, липень липня лип, серпень серпня сер серп, "
    "вересень вересня вер, жовтень жовтня жов жовт, листопад листопада лис лист, "
    "грудень грудня гру груд",
    "bg": "януари ян, февруари, март, април, май, юни, юли, август, септември, октомври, "
    "ноември, декември",
    "sr": "јануар, фебруар, март, април, мај, јун, јул, август, септембар, октобар, новембар, "
    "децембар",
    "hu": "január, február febr, március márc, április ápr, május máj, június jún, július júl, "
    "augusztus, szeptember szept, október, november, december",
    "ro": "ianuarie ian, februarie, martie, aprilie, mai, iunie iun, iulie iul, august, "
    "septembrie, octombrie, noiembrie noi, decembrie",
    "el": "ιανουάριος ιανουαρίου ιαν, φεβρουάριος φεβρουαρίου φεβ φεβρ, μάρτιος μαρτίου μαρ, "
    "απρίλιος απριλίου απρ, μάιος μαΐου μαϊου μαι, ιούνιος ιουνίου ιουν, ιούλιος ιουλίου ιουλ, "
    "αύγουστος αυγούστου αυγ, σεπτέμβριος σεπτεμβρίου σεπ σεπτ, οκτώβριος οκτωβρίου οκτ, "
    "νοέμβριος νοεμβρίου νοε, δεκέμβριος δεκεμβρίου δεκ",
    "ar": "يناير جانفي, فبراير شباط فيفري, مارس آذار, أبريل ابريل إبريل نيسان أفريل, "
    "مايو أيار ماي, يونيو حزيران جوان, يوليو تموز جويلية, أغسطس اغسطس آب أوت, "
    "سبتمبر أيلول, أكتوبر اكتوبر, نوفمبر, ديسمبر",
    "he": "ינואר בינואר, פברואר בפברואר, מרץ במרץ מרס, אפריל באפריל, מאי במאי, יוני ביוני, "
    "יולי ביולי, אוגוסט באוגוסט, ספטמבר בספטמבר, אוקטובר באוקטובר, נובמבר בנובמבר, "
    "דצמבר בדצמבר",
    "id": "januari, februari, maret, april, mei, juni, juli, agustus, september, oktober, "
    "november, desember",
    "ms": "januari, februari, , april, mei, jun, julai, ogos, september, oktober, november, "
    "disember",
    "sk": "január januára, február februára, marec marca, apríl apríla, máj mája, jún júna, "
    "júl júla, august augusta, september septembra, október októbra, november novembra, "
    "december decembra",
    "sl": "januar januarja, februar februarja, marec marca, april aprila, maj maja, junij junija, "
    "julij julija, avgust avgusta, september septembra, oktober oktobra, november novembra, "
    "december decembra",
    "hr": "siječanj siječnja, veljača veljače, ožujak ožujka, travanj travnja, svibanj svibnja, "
    "lipanj lipnja, srpanj srpnja, kolovoz kolovoza, rujan rujna, , studeni studenog studenoga, "
    "prosinac prosinca",
    "ca": "gener, febrer, març, abril, maig, juny, juliol, agost, setembre, octubre, novembre, "
    "desembre",
    "et": "jaanuar, veebruar, märts, aprill, mai, juuni, juuli, august, september, oktoober, "
    "november, detsember",
    "lv": "janvāris janvārī, februāris februārī, marts martā, aprīlis aprīlī, maijs maijā, "
    "jūnijs jūnijā, jūlijs jūlijā, augusts augustā, septembris septembrī, oktobris oktobrī, "
    "novembris novembrī, decembris decembrī",
    "lt": "sausio, vasario, kovo, balandžio, gegužės, birželio, liepos, rugpjūčio, rugsėjo, "
    "spalio, lapkričio, gruodžio",
    "sq": "janar, shkurt, mars, prill, maj, qershor, korrik, gusht, shtator, tetor, nëntor, "
    "dhjetor",
    "gl": "xaneiro, febreiro, marzo, abril, maio, xuño, xullo, agosto, setembro, outubro, "
    "novembro, decembro",
    "is": "janúar, febrúar, mars, apríl, maí, júní, júlí, ágúst, september, október, nóvember, "
    "desember",
}

NEIGHBOUR_MONTHS: dict[str, tuple[str, ...]] = {
    language: tuple(words.strip().casefold() for words in months.split(","))
    for language, months in _NEIGHBOURS.items()
}
