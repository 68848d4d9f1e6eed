"""The words in which machines say that nobody is there, by language. A table: whoever meets a new phrase adds it here.

`SUBJECTS` are sure signs where they head a subject or stand alone in brackets. `AWAY` are words that a person writes as
well: they count only in an answer that has none of the marks of one. All are compared folded: lower case, no accents.
"""

import re
import unicodedata

_ACCENTS = re.compile("[\u0300-\u036f]")
SUBJECTS = {
    "en": "automatic reply|out of office|out of the office|out of office autoreply|out of office reply|autoreply"
    "|auto reply|auto-reply|auto|autoresponse|auto response|auto-response|automatic response|automated reply"
    "|automated response|automatic e-mail reply|vacation reply|vacation message|away message|on vacation"
    "|auto responder"
    "|autoresponder",
    "de": "automatische antwort|abwesenheitsnotiz|abwesenheitsnachricht|autom. antwort|abwesenheitsassistent"
    "|automatische rückantwort|abwesenheitsmeldung|automatische abwesenheitsnotiz",
    "fr": "réponse automatique|absence du bureau|absent du bureau|absente du bureau|message d'absence|avis d'absence",
    "es": "respuesta automática|fuera de la oficina|fuera de oficina|autorrespuesta|contestación automática",
    "ca": "resposta automàtica|fora de l'oficina",
    "gl": "resposta automática|fóra da oficina",
    "eu": "erantzun automatikoa",
    "it": "risposta automatica|fuori sede|fuori ufficio|messaggio automatico di assenza",
    "pt": "resposta automática|fora do escritório|ausência temporária|auto-resposta",
    "nl": "automatisch antwoord|automatische antwoord|automatische beantwoording|afwezigheidsbericht"
    "|afwezigheidsmelding",
    "sv": "autosvar|automatiskt svar|frånvaromeddelande|ej på kontoret|svar vid frånvaro",
    "da": "automatisk svar|autosvar|fraværsmeddelelse|ikke til stede|fraværsbesked",
    "nb": "automatisk svar|fraværsmelding|fraværsassistent|ikke på kontoret",
    "is": "sjálfvirkt svar",
    "fi": "automaattinen vastaus|poissaoloviesti|poissa toimistosta|poissaoloilmoitus|automaattivastaus",
    "et": "automaatvastus|kontorist väljas",
    "lv": "automātiska atbilde|automātiskā atbilde|automātiskā atbildes|prombūtnes paziņojums",
    "lt": "automatinis atsakymas",
    "pl": "automatyczna odpowiedź|odpowiedź automatyczna|autoodpowiedź|poza biurem|autoresponder",
    "cs": "automatická odpověď|mimo kancelář",
    "sk": "automatická odpoveď|mimo kancelárie",
    "sl": "samodejni odgovor|avtomatski odgovor",
    "hr": "automatski odgovor|izvan ureda",
    "sr": "аутоматски одговор|automatski odgovor",
    "hu": "automatikus válasz|házon kívül|irodán kívül",
    "ro": "răspuns automat|în afara biroului|mesaj automat de absență",
    "bg": "автоматичен отговор|извън офиса",
    "ru": "автоматический ответ|автоответ|автоответчик|нет на рабочем месте|вне офиса",
    "uk": "автоматична відповідь|автовідповідь|поза офісом",
    "el": "αυτόματη απάντηση|εκτός γραφείου",
    "tr": "otomatik yanıt|otomatik cevap|işyeri dışında|ofis dışında",
    "he": "מענה אוטומטי|תשובה אוטומטית|מחוץ למשרד",
    "ar": "رد تلقائي|الرد التلقائي|خارج المكتب",
    "fa": "پاسخ خودکار",
    "hi": "स्वचालित उत्तर|स्वतः उत्तर",
    "th": "การตอบกลับอัตโนมัติ|ตอบกลับอัตโนมัติ|การตอบอัตโนมัติ",
    "vi": "trả lời tự động|thư trả lời tự động",
    "id": "balasan otomatis|jawapan automatik|di luar kantor",
    "zh": "自动答复|自动回复|自動回覆|自動回復|自动应答|外出自动回复",
    "ja": "自動応答|自動返信|不在通知|自動回答",
    "ko": "자동 회신|자동 응답|자동회신|자동응답|부재중 자동 응답",
}
"""Heads of subjects: Outlook's, Exchange's and Notes' own in their languages first, then what people set."""

AWAY = {
    "en": "out of the office|out of office|on vacation|on holiday|on annual leave|on leave"
    "|away from my desk|i am away"
    "|i'm away|currently away|limited access to e-mail|limited access to email|maternity leave|parental leave"
    "|no longer work|have left the company|no longer with|not in the office|will respond when i return|until i return"
    "|endeavour to reply|i will be away|your message was received|we have received your message",
    "de": "nicht im büro|außer haus|abwesend|im urlaub|nicht im hause|nicht erreichbar|in elternzeit|nicht mehr für"
    "|auf dienstreise|erst wieder ab",
    "fr": "absent du bureau|absente du bureau|je suis absent|en congé|en vacances|absence"
    "|serai de retour|congé maternité",
    "es": "fuera de la oficina|de vacaciones|ausente|estaré de vuelta|no estoy disponible|baja por maternidad"
    "|hemos recibido su mensaje|gracias por contactar",
    "it": "fuori ufficio|fuori sede|in ferie|sono assente|sarò assente|in maternità|assente dall'ufficio",
    "pt": "fora do escritório|de férias|estou ausente|estarei ausente|em licença|ausente do escritório",
    "nl": "niet op kantoor|afwezig|met vakantie|op vakantie|niet aanwezig|met verlof|buiten kantoor",
    "sv": "inte på kontoret|på semester|frånvarande|tjänstledig|föräldraledig|åter den|har semester",
    "da": "ikke på kontoret|på ferie|holder ferie|fraværende|på barsel|tilbage den",
    "nb": "ikke på kontoret|på ferie|fraværende|permisjon|tilbake den",
    "fi": "poissa toimistolta|olen lomalla|poissa töistä|en ole tavoitettavissa|palaan töihin"
    "|virkavapaalla|vuosilomalla",
    "et": "puhkusel|kontorist eemal",
    "lv": "atvaļinājumā|prombūtnē|neesmu birojā|nebūšu birojā",
    "lt": "atostogauju|atostogose|nesu darbe",
    "pl": "poza biurem|na urlopie|nieobecny|nieobecna|nieobecności|urlopie macierzyńskim",
    "cs": "mimo kancelář|na dovolené|nepřítomen|nepřítomna|nejsem v kanceláři",
    "sk": "mimo kancelárie|na dovolenke|neprítomný|neprítomná",
    "sl": "odsoten|odsotna|na dopustu",
    "hr": "izvan ureda|na godišnjem odmoru|odsutan|odsutna",
    "sr": "одсутан|на годишњем одмору|na odmoru",
    "hu": "nem vagyok az irodában|szabadságon|házon kívül|távol vagyok",
    "ro": "în concediu|nu sunt la birou|plecat din birou|voi fi plecat",
    "bg": "в отпуск|извън офиса|отсъствам",
    "ru": "в отпуске|в командировке|отсутствую|нет на рабочем месте|вне офиса|на больничном|буду отсутствовать",
    "uk": "у відпустці|у відрядженні|відсутній|відсутня|поза офісом",
    "el": "εκτός γραφείου|σε άδεια|απουσιάζω|θα απουσιάζω",
    "tr": "ofis dışında|izindeyim|izinliyim|tatildeyim|yıllık izin|ofiste olmayacağım",
    "he": "בחופשה|מחוץ למשרד|לא נמצא במשרד|לא נמצאת במשרד",
    "ar": "خارج المكتب|في إجازة|لست في المكتب",
    "fa": "در مرخصی|خارج از دفتر",
    "hi": "कार्यालय से बाहर|छुट्टी पर",
    "th": "ไม่อยู่ที่สำนักงาน|ลาพักร้อน|ไม่อยู่ในสำนักงาน",
    "vi": "vắng mặt|nghỉ phép|không có mặt tại văn phòng",
    "id": "sedang cuti|di luar kantor|tidak berada di kantor",
    "zh": "休假|出差|不在办公室|外出|不在辦公室|已收到您的邮件|来信已收到",
    "ja": "不在|休暇|出張|外出して|休みをいただ|休業",
    "ko": "부재중|휴가|출장|자리를 비",
}
"""What such answers say in their first lines."""

SAYS_SO = (
    "this is an automat|this is an auto-|this is an auto |automatically generated|automatic reply"
    "|auto-reply|autoreply"
    "|automated response|automated message|automated reply|automatic response|do not reply to this"
    "|only notification you will"
    "|dies ist eine automat|automatisch generiert|automatisch erstellt|automatisch erzeugt|automatische antwort"
    "|ceci est une réponse automatique|message automatique|réponse automatique|généré automatiquement"
    "|respuesta automática|mensaje automático|generado automáticamente|risposta automatica|messaggio automatico"
    "|resposta automática|mensagem automática|automatisch bericht|automatisch gegenereerd|automatisch antwoord"
    "|automatiskt svar|automatiskt meddelande|autosvar|automatisk svar|automatisk besked|automatisk melding"
    "|automaattinen vastaus|automaattinen viesti|automaatvastus|automātiska atbilde|automatinis"
    "|wiadomość automatyczna"
    "|automatyczna odpowiedź|automatická odpověď|automatická odpoveď|automatický|samodejni odgovor|automatski odgovor"
    "|automatska poruka|automatikus válasz|automatikus üzenet|răspuns automat|mesaj automat|автоматичен отговор"
    "|автоматический ответ|автоматическое сообщение|автоматична відповідь|автоматичне повідомлення|αυτόματη απάντηση"
    "|αυτοματοποιημένο|otomatik yanıt|otomatik bir|otomatik olarak|מענה אוטומטי|הודעה אוטומטית|رد تلقائي"
    "|رسالة تلقائية"
    "|پاسخ خودکار|स्वचालित|อัตโนมัติ|trả lời tự động|thư tự động|balasan otomatis|pesan otomatis|自动回复"
    "|自动答复|自動回覆"
    "|系统自动|自動返信|自動応答|自動送信|자동 회신|자동 응답|자동으로 발송"
)

CHALLENGES = (
    "not pre-approved|not on my guest list|added to the recipient's allowed|approved senders|approved sender list"
    "|allowed senders|allow list request|confirm that you are a human|prove you are human"
    "|verify your e-mail address so"
    "|verify that you are|sender verification|challenge-response|challenge/response|spam arrest"
    "|to release your message"
    "|complete the verification|one-time verification|one-time confirmation"
    "|waiting for your confirmation to be delivered"
    "|before your message is delivered|click here to verify|your message is being held until you|whitelist request"
    "|sender address verification|please confirm your message"
)
"""Mail that asks the sender to prove to be a person before it is delivered."""

READ = (
    "read:|read receipt|not read:|gelesen:|ungelesen gelöscht:|lu :|lu:|non lu :|leído:|no leído:|letto:"
    "|non letto:|lido:"
    "|não lido:|gelezen:|niet gelezen:|läst:|oläst:|læst:|lest:|luettu:|przeczytano:|přečteno:"
    "|elolvasva:|citit:|прочитано:"
    "|прочтено:|okundu:|αναγνώσθηκε:|נקרא:|مقروءة:|已读:|已讀:|開封済み:|開封通知|읽음:|return receipt"
    "|lesebestätigung"
    "|accusé de lecture|confirmación de lectura|conferma di lettura|leesbevestiging|läskvitto"
    "|läsekvittering|lesekvittering"
)
"""Heads of subjects of read receipts."""


def fold(text: str) -> str:
    """The text for comparing: compatible forms, lower case, blanks as one space, no accents of European scripts."""
    if not text.isascii():
        plain = text.casefold().replace("\u2019", "'").replace("ı", "i")
        text = _ACCENTS.sub("", unicodedata.normalize("NFKD", plain))
    return " ".join(text.lower().split())


def words(*rows: str) -> tuple[str, ...]:
    """The phrases of some rows, folded, each once."""
    return tuple(
        sorted({fold(phrase) for row in rows for phrase in row.split("|")}, key=lambda phrase: (-len(phrase), phrase))
    )


_HEADS = frozenset(words(*SUBJECTS.values()))
_TAILS = tuple(" " + word for word in _HEADS if "automat" in word or "автомат" in word)
_BRACKETED = re.compile(r"[\[(（【]([^\[\]()（）【】]{3,60})[\])）】]")
HEAD = 400  # characters of a subject that are looked at


def absent(subject: str) -> bool:
    """Whether a subject is an auto-reply's: words at its head ("Automatic reply: …"), alone, or alone in brackets."""
    subject = subject[:HEAD]
    head = re.split("[:：]", subject, maxsplit=1)[0]
    return any(map(_absent, (head, subject, *_BRACKETED.findall(subject))))


def _absent(text: str) -> bool:
    text = fold(text).strip(" .!-*[]()")
    return text in _HEADS or text.endswith("is out of the office") or (len(text) < 60 and text.endswith(_TAILS))
