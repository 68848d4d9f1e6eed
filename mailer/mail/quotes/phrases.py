"""The words that mail programs put around what people write, by language: one place for every table of words.

They come last: structure decides first, and a word only tips a balance. Called by the modules that fold.
"""

import re
from dataclasses import dataclass
from unicodedata import combining, normalize

_PLAIN = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae"})
_LONG = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "ß": "ss"})


def lowered(text: str) -> str:
    """The text without case; the Turkish dotted capital I becomes a plain i."""
    return text.casefold().replace("i\u0307", "i")


def words(table: str) -> frozenset[str]:
    """The phrases of a table, one between bars, without case."""
    return frozenset(lowered(" ".join(phrase.split())) for phrase in table.split("|") if phrase.strip())


def spelt(phrases: frozenset[str]) -> frozenset[str]:
    """The phrases, and as people write them whose keyboard has no accents: Grüße, Grusse, Gruesse."""
    plain = {"".join(c for c in normalize("NFD", p.translate(_PLAIN)) if not combining(c)) for p in phrases}
    return phrases | plain | {p.translate(_LONG) for p in phrases}


@dataclass(frozen=True, slots=True)
class Stems:
    """Beginnings of words to look for. In scripts that do not part words, or join prefixes to them, anywhere."""

    spaced: re.Pattern[str]
    joined: re.Pattern[str]

    def within(self, text: str) -> bool:
        """Whether one of them is in the text."""
        folded = lowered(text)
        return self.spaced.search(folded) is not None or self.joined.search(folded) is not None

    def found(self, text: str) -> set[str]:
        """The different ones that are in the text."""
        folded = lowered(text)
        return {*self.spaced.findall(folded), *self.joined.findall(folded)}

    def begin_or_end(self, text: str) -> bool:
        """Whether the text begins with one of them or ends with one; up to four letters may follow that."""
        folded = lowered(text)
        return any(
            m.start() == 0 or m.end() >= len(folded) - 4
            for pattern in (self.spaced, self.joined)
            for m in pattern.finditer(folded)
        )

    def without(self, text: str) -> str:
        """The text without them, where they are written small."""
        return self.joined.sub(" ", re.sub(self.spaced.pattern + r"\w*", " ", text))

    def ends(self, text: str) -> bool:
        """Whether the text ends with one of them."""
        folded = lowered(text).rstrip()
        return any(m.end() == len(folded) for pattern in (self.spaced, self.joined) for m in pattern.finditer(folded))


def stems(table: str) -> Stems:
    """The stems of a table. Hebrew is where the scripts begin that join or do not part their words."""
    listed = sorted(words(table), key=len, reverse=True)
    spaced = "|".join(re.escape(phrase) for phrase in listed if phrase[0] < "\u0590")
    joined = "|".join(re.escape(phrase) for phrase in listed if phrase[0] >= "\u0590")
    return Stems(re.compile(rf"\b(?:{spaced})" if spaced else r"(?!)"), re.compile(joined or r"(?!)"))


# Labels of the header block that Outlook and others write above a quoted mail.
FROM_LABELS = words(
    """
    from | von | de | da | fra | från | van | od | oд | kimden | gönderen | lähettäjä | saatja | no | nuo |
    feladó | от | від | від кого | от кого | отправитель | από | αποστολέας | expeditor | de la | pošiljatelj |
    šalje | pošilja | frá | 差出人 | 送信者 | 发件人 | 寄件者 | 寄件人 | 發件人 | 보낸 사람 | 보낸사람 | 发送人 |
    من | מאת | از | فرستنده | จาก | từ | người gửi | dari | daripada | od koga | pošiljalac | odesílatel |
    odosielateľ | nga | από: | प्रेषक | থেকে | od: | kutoka
    """
)
# The moment a mail was sent: a word that no table of dates and places begins with.
SENT_LABELS = words(
    """
    sent | sent on | date sent | gesendet | gesendet am | envoyé | envoyé le | date d'envoi | enviado |
    enviado el | enviado em | enviada | enviada em | inviato | data invio | verzonden | verzonden op | sendt |
    skickat | sent: | lähetetty | saadetud | wysłano | wysłane | odesláno | odoslané | poslano | poslato |
    elküldve | küldve | trimis | gönderme | gönderilme | gönderildi | gönderme tarihi | отправлено | надіслано |
    відправлено | изпратено | изпратен | στάλθηκε | εστάλη | απεσταλμένα | 送信日時 | 发送时间 | 发送日期 |
    寄件日期 | 傳送時間 | 보낸 날짜 | 보낸날짜 | تاريخ الإرسال | تم الإرسال | ارسال شده | נשלח | ส่ง | ส่งเมื่อ |
    đã gửi | dikirim | terkirim | dihantar | nosūtīts | išsiųsta | dërguar | imetumwa | sendt: | dags |
    trimis la | enviat | bidalia
    """
)
SUBJECT_LABELS = words(
    """
    subject | betreff | objet | asunto | assunto | oggetto | onderwerp | emne | ämne | efni | aihe | teema |
    temat | předmět | predmet | zadeva | tárgy | subiect | konu | тема | относно | θέμα | 件名 | 主题 | 主旨 |
    主題 | 제목 | الموضوع | موضوع | נושא | เรื่อง | chủ đề | tiêu đề | perihal | subjek | temats | tēma | tema
    """
)
HEADER_LABELS = (
    FROM_LABELS
    | SENT_LABELS
    | SUBJECT_LABELS
    | words(
        """
    date | to | cc | bcc | reply-to | importance | attachments | on | sender | datum | an | kopie | antwort an |
    wichtigkeit | anlagen | à | copie | pour | cc. | destinataire | fecha | data | para | cco | en nombre de | a |
    per conto di | aan | dato | til | kopi | till | kopia | dagsetning | vastaanottaja | kopio | päivämäärä |
    päiväys | pvm | kellele | kuupäev | koopia | do | dw | udw | do wiadomości | komu | za | címzett | másolat |
    dátum | către | tarih | kime | bilgi | дата | кому | копия | копія | до | προς | ημερομηνία | κοιν |
    κοινοποίηση | 日付 | 日時 | 宛先 | 时间 | 收件人 | 抄送 | 日期 | 收件者 | 副本 | 날짜 | 받는 사람 | 받는사람 |
    참조 | التاريخ | إلى | نسخة | تاریخ | به | רכ | תאריך | אל | עותק | วันที่ | ถึง | สำเนา | ngày | đến | tới |
    gửi | tanggal | kepada | tarikh | kam | për | subjekti | kwa | mada
    """
    )
)
# The verb of "On ... Bob wrote:", wherever the language puts it.
WROTE = stems(
    """
    wrote | writes | schrieb | schreef | geschreven | a écrit | ecrit | écrit | escribió | escribio | ha scritto |
    scrive | escreveu | skrev | skreiv | skrifaði | kirjoitti | kirjutas | napisał | napsal | napísal | napisao |
    napisala | je napisa | písala | пише | пишет | писал | написа | писав | έγραψε | írta | ezt írta | a scris |
    yazdı | şunu yazdı | rašė | rakstīja | כתב | כתבה | كتب | نوشت | เขียน | đã viết | menulis | menulis: | 写道 |
    寫道 | 寫： | 书写 | のメール | さんは | が書き | 書きました | 님이 작성 | 작성 | 썼습니다 | wrote: | shkroi |
    idatzi | va escriure | escriviu | escribiu | scríobh | ysgrif |
    napisana przez | लिखा | লিখেছেন | aliandika
    """
)
# The word that stands right before the date, for the rare reply that shares its line with the attribution.
ATTRIBUTION_LEADS = (
    "On",
    "Am",
    "Le",
    "El",
    "Il",
    "Em",
    "Op",
    "Den",
    "På",
    "Dnia",
    "W dniu",
    "Pe",
    "Vào",
    "Dne",
    "Dňa",
    "Στις",
    "Dana",
)
ORIGINAL_RULES = words(
    """
    original message | originalmessage | reply message | original appointment | original email | original mail |
    quoted message | previous message | ursprüngliche nachricht | originalnachricht | message d'origine |
    message original | mensaje original | mensagem original | messaggio originale | oorspronkelijk bericht |
    origineel bericht | oprindelig meddelelse | ursprungligt meddelande | originalmeddelande |
    opprinnelig melding | upphaflegt skeyti | alkuperäinen viesti | algne kiri | algkiri | oryginalna wiadomość |
    wiadomość oryginalna | původní zpráva | pôvodná správa | izvirno sporočilo | izvorna poruka |
    originalna poruka | eredeti üzenet | mesaj original | mesajul original | özgün ileti | orijinal mesaj |
    orijinal ileti | исходное сообщение | оригинальное сообщение | пересылаемое сообщение | вихідне повідомлення |
    оригинално съобщение | αρχικό μήνυμα | 原始邮件 | 原邮件 | 原始郵件 | 原始信件 | 元のメッセージ |
    original message 元 | 원본 메시지 | 원본 메일 | الرسالة الأصلية | رسالة أصلية | הודעה מקורית | پیام اصلی |
    ข้อความต้นฉบับ | tin nhắn gốc | thư gốc | pesan asli | mesej asal | originalus laiškas |
    oriģinālais ziņojums | mesazhi origjinal | missatge original | mensaxe orixinal | jatorrizko mezua |
    replied message | oprindelig besked | original-nachricht | ursprüngliche mail | mail original |
    původní e-mail | 邮件原件 | 回复的原邮件 | 원본 이메일
    """
)
FORWARD_RULES = stems(
    """
    forwarded | begin forwarded | forward message | weitergeleitete | anfang der weiter | weiterleitung |
    transféré | transmis | message transf | début du message | réexpédié | reenviado | mensaje reenv |
    inizio messaggio | inoltrat | encaminhad | reencaminhad | início da mensagem | doorgestuurd |
    begin doorgestuurd | vidarebefordra | vidarebefordrat | videresend | videresendt | framsent | välitetty |
    edelleen | edastatud | przekazan | przesłana | początek przekaz | přeposlan | preposlan | posredovan |
    proslije | prosleđen | proslijeđ | továbbított | redirecționat | iletilen | yönlendirilen | пересылаем |
    перенаправ | пересланн | переслане | препратен | προωθημένο | 转发 | 轉寄 | 轉發 | 転送 | 전달 | معاد توجيه |
    تمت إعادة | المعاد | הועבר | ارسال شده | ส่งต่อ | chuyển tiếp | diteruskan | terusan | persiųst | pārsūtīt
    """
)
# Formulas of farewell. Thanks are not here: they are something said.
FAREWELLS = spelt(
    words(
        """
    regards | best regards | kind regards | warm regards | with kind regards | with best regards | many regards |
    best | all the best | best wishes | sincerely | yours sincerely | yours faithfully | yours truly |
    sincerely yours | yours | cheers | thanks & regards | thanks and regards | thanks and best regards |
    thank you and regards | respectfully | cordially | rgds | br | kr | bw | with regards | warmest regards |
    take care | kindest regards | mit freundlichen grüßen | mit freundlichen grüssen | freundliche grüße |
    freundliche grüsse | viele grüße | viele grüsse | liebe grüße | liebe grüsse | beste grüße | beste grüsse |
    herzliche grüße | schöne grüße | mit besten grüßen | mfg | vg | lg | gruß | grüße | gruss | hochachtungsvoll |
    mit freundlichem gruß | besten gruß | cordialement | bien cordialement | bien à vous | bien à toi |
    amicalement | salutations | meilleures salutations | sincères salutations | cdlt | cdt | amitiés |
    respectueusement | bonne journée | bonne réception | saludos | un saludo | saludos cordiales |
    un cordial saludo | atentamente | cordialmente | muchos saludos | un abrazo | atte | cordiales saludos |
    atentos saludos | atenciosamente | cumprimentos | com os melhores cumprimentos | melhores cumprimentos |
    abraços | abraço | um abraço | att | atte. | saudações | cordiali saluti | distinti saluti | saluti |
    un saluto | a presto | un caro saluto | cari saluti | buona giornata | grazie e saluti |
    met vriendelijke groet | met vriendelijke groeten | vriendelijke groeten | vriendelijke groet | groeten |
    groet | hartelijke groet | mvg | gr | met groet | groetjes | med venlig hilsen | venlig hilsen | mvh | kh |
    vh | hilsen | bedste hilsner | mange hilsner | de bedste hilsner | kærlig hilsen | bedste hilsen |
    med vänlig hälsning | med vänliga hälsningar | vänliga hälsningar | vänligen | hälsningar | bästa hälsningar |
    vänlig hälsning | hälsning | med vennlig hilsen | vennlig hilsen | beste hilsen | hilsen fra | hälsar |
    ystävällisin terveisin | terveisin | parhain terveisin | yt | kunnioittaen | terveisiä | lugupidamisega |
    parimate soovidega | tervitades | parimat | pozdrawiam | z poważaniem | z powazaniem | pozdrowienia |
    serdecznie pozdrawiam | z wyrazami szacunku | pozdrawiam serdecznie | s pozdravem | s pozdravom | zdraví |
    hezký den | s přáním hezkého dne | s úctou | srdačan pozdrav | lijep pozdrav | lep pozdrav | pozdrav |
    s poštovanjem | s spoštovanjem | lp | üdvözlettel | tisztelettel | üdv | szívélyes üdvözlettel | cu stimă |
    cu respect | toate cele bune | o zi bună | saygılarımla | iyi çalışmalar | saygılar | sevgiler | selamlar |
    kolay gelsin | с уважением | с наилучшими пожеланиями | всего доброго | з повагою | з найкращими побажаннями |
    с уважение | поздрави | με εκτίμηση | με φιλικούς χαιρετισμούς | φιλικά | χαιρετισμούς | בברכה | בכבוד רב |
    مع التحية | تحياتي | مع خالص التحية | مع أطيب التحيات | با احترام | با تشکر و احترام | ด้วยความเคารพ |
    ขอแสดงความนับถือ | trân trọng | thân mến | kính thư | hormat saya | salam hormat | yang benar | pagarbiai |
    geriausi linkėjimai | su pagarba | ar cieņu | me respekt | kveðja | bestu kveðjur | salutacions | atentament |
    wassalam | 此致 | 此致敬礼 | 敬上 | 顺颂商祺 | 祝好 | 以上 | よろしくお願いいたします |
    以上、よろしくお願いいたします | 敬具 | 感謝합니다 | 감사합니다 |
    goodbye | bye | ciao | see you | auf wiedersehen | tschüss | au revoir | à bientôt | à plus | bonne soirée |
    adiós | hasta luego | hasta pronto | até logo | até breve | até mais | arrivederci | a presto | tot ziens |
    hej då | vi ses | ha det | näkemiin | hyvästi | terkuin | do widzenia | do zobaczenia | na shledanou |
    dovidenia | viszontlátásra | la revedere | довиждане | до свидания | до побачення | görüşmek üzere |
    hoşça kalın | αντίο | להתראות | مع السلامة | خداحافظ | 再见 | さようなら | 안녕히 계세요 | tạm biệt |
    un saúdo | saúdos | atentamente, | agur bero bat | agur | ondo izan | सादर | भवदीय | धन्यवाद सहित | বিনীত |
    wako | wako mwaminifu | wasalaam | kila la heri | ndimi | kwaheri | slán | le gach dea-ghuí | cofion |
    cofion gorau | groete | vriendelike groete | shëndet | me të mira | срдачан поздрав | поздрав | şükranlarımla
    """
    )
)
# What stands between a formula and a place: "Viele Grüße aus Oslo".
FROM_PLACES = words(
    "from | aus | vom | de | desde | da | dal | du | z | ze | från | fra | iz | din | uit | vanuit | из | з | от"
)
# What a telephone or a program says of itself under a mail begins or ends with one of these and names a device.
# The preposition belongs to it: "sent the Samsung drawings" is somebody's own.
SENT_WITH = stems(
    """
    sent from | sent via | sent with | sent using | sent by | sent on | von meinem | von unterwegs |
    gesendet von | gesendet mit | gesendet über | gesendet aus | gesendet per | gesendet via | geschickt von |
    verschickt mit | envoyé de | envoyé depuis | envoyé à partir | envoyé avec | envoyé via | envoyé par |
    envoyé du | envoyée de | enviado desde | enviado do | enviado de | enviado da | enviado con | enviado com |
    enviado a partir | enviado pelo | enviado por | enviado via | enviado mediante | enviada do | inviato da |
    inviato con | inviato tramite | inviato dal | verzonden vanaf | verzonden met | verzonden via |
    verzonden van | verzonden vanuit | verstuurd vanaf | verstuurd met | verstuurd via | verstuurd van |
    sendt fra | sendt med | sendt via | skickat från | skickat med | skickat via | skickades från | lähetetty |
    saadetud minu | saadetud nutit | wysłane z | wysłano z | wysłana z | odesláno z | odesláno pomocí |
    odoslané z | poslano z | poslano s | poslato sa | elküldve | küldve | trimis de pe | trimis din |
    trimis de la | gönderildi | отправлено с | отправлено из | отправлено от | отправлено через | надіслано з |
    надіслано із | надіслано за | изпратено от | στάλθηκε από | εστάλη από | nosūtīts no | išsiųsta iš |
    dikirim dari | dikirim melalui | đã gửi từ | gửi từ | 发自 | 發自 | 从我的 | 從我的 | 傳送自 | 寄自 |
    来自我的 | から送信 | より送信 | 에서 보냄 | 에서 보낸 | أرسلت من | أُرسلت من | أرسل من | أُرسل من |
    تم الإرسال من | مرسل من | נשלח | ارسال شده از | فرستاده شده از | ส่งจาก | enviat des | bidalia |
    poslano iz | poslato iz | sent frá | sent úr | भेजा गया | imetumwa kutoka | gestuur vanaf | dërguar nga |
    испратено од | послато са
    """
)
# "My", where it stands behind those: what was sent from it is a device, whatever its name.
MINE = words(
    """
    my | mon | ma | mi | meu | minha | mio | mia | mijn | min | mitt | mojego | mojej | mého | môjho | mog | моего |
    мого | моя
    """
)
# What it says to be fetched: only the program itself, never a thing.
GET_WITH = stems(
    """
    get outlook | get yahoo | holen sie sich outlook | outlook für | obtenez outlook | obtenir outlook |
    télécharger outlook | téléchargez outlook | obtener outlook | obtén outlook | obter o outlook |
    baixar o outlook | obtenha o outlook | scarica outlook | ottieni outlook | outlook per | download outlook |
    outlook voor | hent outlook | hämta outlook | hanki outlook | outlook для | pobierz outlook | získat outlook |
    získejte outlook | získať outlook | outlook pre | outlook letöltése | descărcați outlook | outlook edinin |
    outlook'u edinin | скачать outlook | скачайте outlook | λήψη του outlook | 获取 outlook | 取得 outlook |
    outlook を入手 | outlook for | הורד את outlook | احصل على outlook | دریافت outlook | tải outlook |
    dapatkan outlook | unduh outlook |
    pata outlook
    """
)
DEVICE_NAMES = stems(
    """
    iphon | ipad | ipod | android | blackberry | samsung | galaxy | smartphone | smart phone | outlook | yahoo |
    gmail | huawei | xiaomi | nokia | lumia | windows phone | windows mail | mail for windows | mail für windows |
    posta per windows | courrier pour windows | correo para windows | windows 10 | proton | mobile | mobil |
    mobiel | movil | móvil | cellulare | portable | telefon | téléphone | teléfono | telefono | telefone | handy |
    phone | puhelime | matkapuhel | mobiltelefon | telefonu | tālrun | telefonas | телефон | айфон | смартфон |
    мобильн | мобільн | мобилн | κινητό | 手机 | 手機 | スマートフォン | スマホ | 携帯 | 핸드폰 | 휴대폰 |
    아이폰 | الهاتف | هاتف | آيفون | اندرويد | جوال | הטלפון | הנייד | אייפון | โทรศัพท์ | มือถือ | điện thoại |
    ponsel | telepon | tablet | mailbox | k-9 | aqua mail | fairemail | bluemail | spark | newton | zoho |
    tutanota | tuta | sparrow | acompli | mailspring | thunderbird | airmail | edison | my mac | apple mail |
    mail.ru | яндекс | wireless | verizon | htc | xperia | motorola | pixel | oneplus | oppo | redmi | web.de |
    gmx | fastmail | superhuman | canary | mimestream | postbox | roundcube | horde | boxer | em client |
    typeapp | shortwave
    """
)
