"""The words in which mail systems say why, by what RFC 3463 calls it. A table: whoever meets a new phrase adds it here.

Each row: the subject and detail of a status, then phrases in lower case. Of two rows that fit the upper one decides, so
narrow reasons stand above wide ones.
"""

_TABLE = """
4.6  too many hops | mail loop | routing loop | loops back | hop count exceeded | mail forwarding loop
2.2  quota | mailbox full | mailbox is full | full mailbox | mail box space | mailfolder is full
    | mailbox for this user is full | enough space | not enough storage | insufficient storage | exceeded storage
    | storage limit | mailbox exceeds | mailbox size limit | disk space | mailbox has exceeded | inbox is full
    | their mailbox is full | 容量 | いっぱい | 邮箱已满 | 信箱已满 | 超过 | postfach voll | postfach ist voll
    | speicherplatz | boîte pleine | boîte aux lettres pleine | buzón lleno | casella piena | caixa cheia
    | переполнен
    | przepełnion | mailbox vol
3.4  message too large | message is too large | too big | message size exceeds | maximum message size
    | max message size | fixed maximum | inbound message size | size limit
    | larger than the current system limit | message length exceeds | exceeds size | too large | zu groß
    | trop volumineux | サイズ
1.1  user unknown | unknown user | no such user | no mailbox here by that name | mailbox not found
    | user not found | recipient not found | unknown recipient | recipient unknown | unknown address
    | no such recipient | invalid recipient | recipnotfound | no account by that name | not a valid user
    | invalid mailbox | invalid user | invalid final delivery userid | addressee unknown | addressee not listed
    | unknown or illegal | name is not recognized | no such address | unknown local | no such mailbox
    | user doesn't have | user does not have | doesn't have a | not listed in | does not exist | doesn't exist
    | no such person | not our customer | mailbox unavailable | mailbox not available | bad destination mailbox
    | unknown account | no such account | recipient address rejected | no matches to nameserver
    | final email delivery point | address unknown | couldn't be found | wasn't found | was not found at
    | not known | no local mailbox | unroutable address | unrouteable address | no valid recipients
    | recipient rejected | address does not appear | no one by that name | not recognized | no longer exist
    | 宛先不明 | 見つかりません | 存在しません | 該当する | 不存在 | 用户不存在 | 查無 | 존재하지
    | не существует | не найден | неизвестен | unbekannt | n'existe pas | inconnu | no existe | desconocid
    | não existe | non esiste | sconosciut | bestaat niet | onbekende | nie istnieje | finns inte | findes ikke
    | finnes ikke | ei löydy | bulunamadı | neexistuje | nem létezik | δεν υπάρχει | introuvable
    | nicht gefunden werden | no se encontró | no se ha encontrado | non è stato trovato | não foi encontrado
    | niet worden gevonden | kunde inte hittas | ikke fundet | finner ikke | nie można odnaleźć | nelze najít
    | nenašla | nem található | nu a fost găsit | nije pronađen | ni bilo mogoče najti | не намерен | не е намерен
    | не вдалося знайти | δεν βρέθηκε | לא נמצא | تعذر العثور | پیدا نشد | 找不到 | 찾을 수 없 | không tìm thấy
    | tidak ditemukan | ไม่พบ | nerastas | nav atrasta | ei leitud | no s'ha trobat
1.2  host unknown | unknown host | host not found | name service error | unrouteable mail domain
    | unrouteable domain | unroutable mail domain | domain not found | no such domain | find any host
    | find a mail exchanger | domain name not found | nxdomain | illegal host | unknown domain
    | name or service not known | bad destination system | no such host | invalid domain | domain does not
    | host or domain name not found | dns error | dns failure | has no mx | no mx record | no mx host
    | ホスト | ドメイン
2.1  disabled | discontinued | inactive | not active | suspended | deactivated | has been closed
    | no longer in use | no longer active | no longer available | no longer valid | not accepting mail
    | not accepting messages | account closed | account is temporarily limited | has been blocked by owner
    | 利用停止 | 受信拒否
7.1  spam | blacklist | black list | blocklist | block list | blocked | dnsbl | rbl | uribl | surbl | a virus
    | virus found | virus detected | viruses | infected
    | policy | not permitted | not allowed | denied | relay | unsolicited | unauthorized
    | sender policy framework | spf | dkim | dmarc | prohibited | content rejected | rejected due to
    | not pre-approved | junk | banned | reputation | forbidden | sender rejected | sender address rejected
    | 迷惑メール | restricted
4.7  delivery time expired | queue too long | been in the queue | expired | has not been collected
    | maximum delivery attempts | retry time not reached | retry timeout | maximum-time-expired
    | too many delivery attempts | delivery failed 20 attempts
4.1  timed out | timeout | no answer from host | could not connect | couldn't connect | connection refused
    | connection failed | unable to connect | connect to | smtp connection | smtp conversation | host is down
    | network is unreachable | no route to host | all hosts have been failing | accept our requests to connect
    | server unavailable or busy | deferred:
4.2  connection dropped | connection was dropped | lost connection | connection reset | connection closed
7.0  greylist | graylist | grey list | rate limit | too many connections | challenge
3.0  command output | local configuration error | internal error | system error | service unavailable
"""


def _rows(table: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    rows = [row.split("|") for row in table.strip().replace("\n    |", " |").split("\n")]
    return tuple((cells[0].split()[0], tuple(_cells(cells))) for cells in rows)


def _cells(cells: list[str]) -> list[str]:
    return [cell.strip() for cell in (cells[0].partition(" ")[2], *cells[1:])]


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in text.replace("\n", " ").split("|"))


REASONS = _rows(_TABLE)

TRANSIENT = _phrases("""
    temporary failure | temporarily | try again later | temp_failure | temporary error | transient
    | please try later
    | greylist | graylist
""")

SUBJECTS = _phrases("""
    undeliver | returned mail | returned message | returning message | returned to sender | return to sender
    | delivery status | delivery failure | delivery failed | delivery has failed | delivery problem
    | delivery error
    | delivery report | delivery notification | delivery warning | delivery delayed | delivery incomplete
    | failure notice | failure delivery | failure notification | failed delivery | failed mail
    | failed to deliver
    | mail delivery | mail error | mail failure | mail could not | mail system error | mail returned
    | rejected mail
    | non-delivery | nondelivery | non delivery | non-delivered | not delivered | not be delivered
    | nondeliverable
    | message status | message delayed | message could not | could not be sent | could not send
    | could not deliver
    | nameserver error | quota exceeded | mailbox full | mailbox is full | permanent error | address not found
    | unable to deliver | warning: message | warning: could not | warning: mail | your message was not delivered
    | unzustellbar | nicht zustellbar | nicht zugestellt | zustellung fehlgeschlagen | zustellfehler
    | non remis | non distribuable | non délivré | échec de la remise | échec de remise | échec d'envoi
    | no se puede entregar | no se pudo entregar | no entregado | no se ha podido entregar | error de entrega
    | mancato recapito | non recapitabile | impossibile recapitare | notifica di mancata consegna
    | non consegnat
    | não entregue | não foi possível entregar | falha na entrega | falha de entrega | devolvid
    | onbestelbaar | niet bezorgd | bezorging mislukt | kan inte levereras | olevererbart | kunne ikke leveres
    | kan ikke leveres | leveringsfeil | ei voitu toimittaa | toimittaminen epäonnistui | niedostarcz
    | nie dostarczono
    | nedoručiteln | nedoručen | doručenie zlyhalo | kézbesíthetetlen | nelivrabil | nelivrat | neisporuč
    | nedostavljiv
    | неудавшаяся | не доставлен | недоставлен | недоставк | невозможно доставить | не може да бъде | не вдалося
    | μη παραδοτέ | ανεπίδοτ | αποτυχία παράδοσης | teslim edileme | iletilemedi | לא ניתן למסור | تعذر التسليم
    | 配信不能 | 配信できません | 送信できません | 未送達 | 配達不能 | エラーメール | 宛先不明 | 退信 | 退件
    | não é possível entregar | toimitus epäonnistui | nedoručiteľn | nije moguće isporučiti
    | ni mogoče dostaviti | није могуће испоручити | недоставено | не удается доставить | не удаётся доставить
    | לא ניתן למסירה | غير قابل للتسليم | فشل التسليم | تحویل داده نشد | tidak dapat dikirim | pengiriman gagal
    | ไม่สามารถส่ง | nepristatyt | nepavyko pristatyti | nepiegādāj | neizdevās piegādāt | kohaletoimetamat
    | no es pot lliurar | non se puido entregar | ekki hægt að afhenda | haikuweza kutumwa | 未传递 | 未傳遞
    | 无法投递 | 未投递 | 无法送达 | 投递失败 | 傳遞失敗 | 無法傳遞 | 无法传递 | 배달되지 | 전송 실패 | 반송
    | không gửi được | tidak terkirim | gagal terkirim
""")
"""What the subject of a report says."""

FAILURES = _phrases("""
    not be delivered | not been delivered | n't be delivered | not delivered | undeliver | cannot be delivered
    | able to deliver | unable to deliver | could not deliver | couldn't deliver | cannot deliver
    | can't deliver
    | failed to deliver | delivery failed | delivery has failed | delivery failure | failed permanently
    | did not reach | not reach the following | bounced | returned to sender | failed recipient | fatal errors
    | delivery problems | had delivery | was rejected | automatically rejected | were rejected | been rejected
    | been returned
    | wasn't delivered
    | not be sent | non-delivery | delivery status notification | delivery of email to
    | delivery to the following
    | was blocked | been blocked | unsolicited bulk | delivery of the email was stopped | been quarantined
    | delivery error | error delivering | been delayed | been postponed | delivery attempts | failed because
    | error has occurred while
    | error occurred while trying to deliver | invalid final delivery | unknown user: | user mailbox exceeds
    | address to which your message was addressed | failure reasons | an error was detected | user unknown
    | no such user | unknown recipient | account is disabled | not a valid user | problem delivering
    | nicht zugestellt | unzustellbar | zugestellt werden konnte | fehler bei der zustellung | nicht übermittelt
    | pas pu être | n'a pas été remis | pas pu etre | non remis | échec de la remise | impossible de remettre
    | no se pudo | no se ha podido | no pudo ser | no puede ser entregad | non è stato possibile
    | impossibile recapitare
    | non può essere | não pôde ser | não foi possível | não pode ser entregue | kon niet worden
    | niet worden bezorgd
    | kunde inte levereras | kunde ej | kunne ikke leveres | blev ikke leveret | ei voitu toimittaa | nie mogła
    | nie można | nie została dostarczona | nelze doručit | nebyla doručena | nem kézbesíthető | nu a putut fi
    | nije isporučena | ni bilo mogoče | не доставлено | невозможно доставить | не удалось доставить
    | не может быть
    | не вдалося доставити | не може да | δεν ήταν δυνατή | δεν παραδόθηκε | teslim edilemedi | iletilemedi
    | לא ניתן היה | تعذر تسليم | لم يتم تسليم | 配信できません | 送信できません | 届きません
    | お届けできません | エラーのため
    | falha na entrega | epäonnistui: | toimitus seuraaville | zlyhalo | nije uspjela | nije uspelo | ni uspela
    | доставянето до | не удалось выполнить доставку | не доставлен | המסירה ל | فشل التسليم | فشل تسليم
    | تحویل داده نشد | pengiriman gagal | ล้มเหลว | ไม่สามารถส่ง | nepavyko pristatyti | neizdevās piegādāt
    | kohaletoimetamine | no s'ha pogut | haikuweza kutumwa | 未能传递 | 未能送达
    | 无法发送 | 无法投递 | 无法送达 | 退回 | 投递失败 | 無法傳遞 | 无法传递 | 발송되지 | 전송하지 못
    | 전달되지 | không thể gửi | tidak dapat
""")
"""What the first lines of a report say."""

DELAYS = _phrases("""
    warning message | delivery warning | this warning | warning: could not send
    | warning: message | delayed | (delay) | not yet been delivered | not been delivered yet | will be retried
    | been postponed
    | will continue to try | still being attempted | still trying | still attempting | attempts will continue
    | will keep trying | will retry | do not need to resend | verzögert | noch nicht zugestellt | retardé
    | différé
    | retrasad | in ritardo | vertraagd | försenad | forsinket | viivästy | opóźnion | zpožděn | задерж
    | отложен
    | 遅延 | 延迟 | 지연
""")
"""What a report says of a mail that may still arrive."""
