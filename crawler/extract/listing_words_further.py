"""The words for news, for other lists and for reading on, in languages of other scripts than the
Latin and in further European and Asian ones; ``listing_words`` adds them to its own.

Words are compared as ``words`` takes them apart: at hyphens, apostrophes and joiners too."""

NEWS = """
    новости новость новостей пресс пресса релиз релизы статьи статья блог объявления объявление
    сообщения актуально новини новина новин пресслужба прес реліз релізи статті стаття оголошення
    повідомлення статии съобщения съобщение актуално прессъобщения вести вест саопштења обавештења
    актуелно чланци соопштенија навіны навіна жаңалықтар хабарлар кабарлар мэдээ
    νέα ειδήσεις ανακοινώσεις ανακοίνωση δελτία δελτίο επικαιρότητα άρθρα άρθρο
    أخبار الأخبار خبر مقالات المقالات مستجدات المستجدات بيانات صحفية إعلانات الإعلانات
    اخبار خبرها مقاله مقالات اطلاعیه
    חדשות החדשות עדכונים מאמרים כתבות הודעות בלוג
    ข่าว ประกาศ
    haber duyuru bülten bültenleri xəbərlər yangiliklar lajme lajmet njoftime obavijesti obvestila
    obaveštenja vesti comunicate anunțuri anunţuri közlemények fréttir nuacht newyddion novas
    berita pengumuman warta kabar tức
"""
OTHER = """
    мероприятия мероприятие афиша календарь вакансии вакансия карьера партнеры партнёры спонсоры
    продукция продукты товары товар каталог магазин корзина услуги услуга цены контакты сотрудники
    команда фотогалерея фотогалереи галерея видео видеогалерея вопросы отзывы комментарии
    комментариев курсы семинары семинар вебинары обучение форум категории рубрики теги проекты
    популярное погода подписка рассылка
    заходи події вакансії партнери продукція послуги контакти каталог галерея відео коментарі
    курси семінари проєкти проекти погода
    събития събитие кариери партньори услуги галерия коментари обучения семинари
    догађаји каријера партнери производи услуге галерија коментари
    εκδηλώσεις εκδήλωση εργασίας συνεργάτες μέλη προϊόντα υπηρεσίες επικοινωνία σχόλια ημερολόγιο
    σεμινάρια χορηγοί
    فعاليات الفعاليات وظائف الوظائف شركاء الشركاء منتجات المنتجات خدمات الخدمات تعليقات التعليقات
    رویدادها محصولات دیدگاه
    אירועים דרושים משרות שותפים מוצרים שירותים תגובות
    etkinlik etkinlikler kariyer ürünler hizmetler eğitim eğitimler yorumlar acara lowongan karir
    mitra produk layanan
    session sessions formation formations curso cursos corso corsi cursus cursussen opleiding
    opleidingen formazione formación formação kurser utbildning utbildningar uddannelse
    uddannelser koulutus koulutukset szkolenie školení tanfolyam tanfolyamok
"""
LATEST = """
    последние последнее свежие останні свіжі последни најновије τελευταία πρόσφατα
    آخر أحدث آخرین אחרונות terbaru mới
"""
MORE = """
    подробнее подробности далее дальше читать полностью еще ещё узнать смотреть перейти больше все
    к о об на статью новость
    детальніше докладніше читати далі більше ще дивитись дізнатися повністю
    прочети още виж повече научете детайли опширније више прочитај детаљније сазнајте повеќе
    περισσότερα διαβάστε συνέχεια δείτε αναλυτικά λεπτομέρειες όλα
    المزيد اقرأ قراءة التفاصيل تفاصيل للمزيد أكثر عرض متابعة ادامه مطلب بیشتر بخوانید
    קרא קראו קראי עוד המשך לפרטים פרטים נוספים לקריאה
    xem thêm chi tiết đọc tiếp
    selengkapnya baca lebih lanjut lanjutkan membaca lihat detil อ่านต่อ
    seguir leyendo más ver ler continuar lendo scopri approfondisci di più bekijk lezen vidare
    jatka lukemista részletek detalii departe devamı detaylar daha fazla incele zobacz szczegóły
    przeczytaj więcej informací informace zobrazit podrobnosti podrobnosti opširnije saznaj više
    več plačiau vairāk sīkāk lähemalt mer läs läsa lisää lesa meira nánar koko uutinen artikkeli
    hela artikeln čítať ďalej citește mai află devamını okuyun leggere continua saiba irakurri
    gehiago lexo shumë darllen mwy tuilleadh léigh batafsil толығырақ
    multe më pokaż szczegóły wczytaj zistiť zjistit tudjon meg többet uzzināt rohkem
    ganzen ganze dazu hele artiklen saken nyheten nyheden noticia completa
    detalles notícia vai alla notizia articolo
    أكمل القراءة לקרוא קריאה წაიკითხე მეტი ვრცლად სრულად կարդալ ավելին
    阅读更多 查看更多 查看详情 了解更多 了解详情 閱讀更多 更多資訊
    詳しくはこちら 詳細はこちら 詳細を見る もっと読む 全文を読む 자세히보기 계속 읽기
    комментарии комментариев комментарий комментария коментарі коментарів коментар коментара
    коментари σχόλια σχόλιο تعليقات تعليق תגובות תגובה yorum yorumlar komentar komentáře komentářů
    komentarzy comentarii hozzászólás kommenttia
"""
# Weekdays, "year" and "published": what stands beside a date.
AROUND_DATES = """
    года год году г понедельник вторник среда четверг пятница суббота воскресенье опубликовано
    дата добавлено обновлено создано размещено
    року р рік понеділок вівторок середа четвер пʼятниця ятниця субота неділя опубліковано
    година петък събота неделя публикувано
    δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή δημοσιεύθηκε ημερομηνία
    الأحد الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت
    pazartesi salı çarşamba perşembe cuma cumartesi pazar tarih yayınlanma
    hétfő kedd szerda csütörtök péntek szombat vasárnap közzétéve dátum
    luni marți miercuri joi vineri sâmbătă duminică publicat
    ponedjeljak utorak srijeda četvrtak petak subota nedjelja objavljeno
    ponedeljek torek četrtek petek sobota objavljeno
    senin selasa rabu kamis jumat sabtu minggu
    pirmadienis antradienis trečiadienis ketvirtadienis penktadienis šeštadienis sekmadienis
    pirmdiena otrdiena trešdiena ceturtdiena piektdiena sestdiena svētdiena publicēts
    esmaspäev teisipäev kolmapäev neljapäev reede laupäev pühapäev lisatud
"""
