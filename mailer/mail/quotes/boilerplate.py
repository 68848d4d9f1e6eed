"""The words of notices that nobody writes by hand, by language: legal, of gateways, of lists, of mail providers.

Tables only. Called by `disclaimers`.
"""

from mailer.mail.quotes.phrases import stems, words

# Three different ones make a paragraph at the end a legal notice.
LEGAL = stems(
    """
    confidential | privileged | intended recipient | intended solely | intended only | intended for the | addressee |
    disclos | unauthori | in error | by mistake | forbidden | third part | consent of | delete | deletion |
    destroy | notify | disseminat | prohibited | copying | liab | virus |
    legally | proprietary | not necessarily | registered office | registered in | monitor | vertraulich |
    empfänger | adressat | irrtümlich | vernicht | löschen | informieren | unbefugt | nicht gestattet |
    weitergabe | geschäftsführ | amtsgericht | handelsregister | sitz der gesellschaft | ust-id | haftung |
    rechtlich | bestimmt | confidentiel | destinataire | erreur | détruire | supprimer | interdit | divulg |
    usage exclusif | responsabilité | diffusion | avertir | expéditeur | intégrité | confidencial | destinatari |
    por error | eliminar | prohibid | divulga | notifi | responsab | privilegiad | exclusiv |
    protección de datos | difusión | borr | por engano | sigilos | proibid | apagar | apague | elimin |
    remetente | reprodução | legal | riservat | per errore | vietat | cancellare | distrugg | mittente |
    diffusione | d.lgs | gdpr | rgpd | dsgvo | privacy | vertrouwelijk | geadresseerde | bestemd voor |
    ten onrechte | abusievelijk | verwijder | verboden | aansprakelijk | afzender | openbaarmaking | fortrolig |
    modtager | fejl | slet | konfidentiell | mottagare | avsedd | misstag | radera | otillåt | konfidensiell |
    tiltenkt | feilaktig | avsender | avsändare | underret | luottamuksel | vastaanottaj | erehdyksessä | hävit |
    poista | tarkoitettu | lähettäj | konfidentsiaal | adressaa | eksituse | kustuta | poufn | adresat | omyłk |
    usun | zabronion | ujawni | nadawc | wyłącznie | niezwłocznie | odbiorc | rozpowszechn | důvěrn | adresát |
    omyl | smaž | vymaž | zakáz | odesílatel | dôvern | odosielate | povjerljiv | poverljiv | zaupn | primatelj |
    namenjen | namijenjen | pošiljatelj | greškom | obriš | izbriš | bizalmas | címzett | tévedés | törölj |
    tilos | feladó | confidenţial | confidențial | destinatar | eroare | ștergeți | interzis | expeditor | gizli |
    alıcı | yanlışlıkla | siliniz | imha | yasak | gönderen | sorumlu | kişiye özel | yetkisiz | конфиденц |
    получател | адресат | по ошибке | удалит | запрещ | отправител | уничтож | конфіденц | одержувач | помилк |
    видал | забронен | поверител | получил | грешка | изтри | εμπιστευτικ | παραλήπτη | λάθος | διαγρά | απαγορ |
    αποστολέ | απόρρητ | חסוי | סודי | נמען | בטעות | מחק | אסור | שולח | سري | السرية | المرسل إليه | بالخطأ |
    حذف | يحظر | المستلم | محرمانه | گیرنده | اشتباه | 机密 | 保密 | 收件人 | 误收 | 删除 | 禁止 | 泄露 | 發件人 |
    機密 | 收件者 | 誤收 | 刪除 | 秘密 | 宛先 | 誤って | 削除 | 破棄 | 機密情報 | 第三者 | 무단 | 기밀 | 수신인 |
    잘못 | 삭제 | 금지 | 수신자 | bảo mật | người nhận | nhầm | xóa | nghiêm cấm | rahasia | penerima |
    kesalahan | hapus | dilarang | sulit | ลับ | ผู้รับ | ผิดพลาด | ลบ | ห้าม
    """
)
LEGAL_TITLES = words(
    """
    disclaimer | confidentiality notice | confidentiality | legal notice | privacy notice | haftungsausschluss |
    vertraulichkeitshinweis | avis de confidentialité | avertissement | aviso legal | aviso de confidencialidad |
    aviso de confidencialidade | avviso di riservatezza | informativa | klauzula poufności | zastrzeżenie |
    yasal uyarı | 免责声明 | 免責事項 | 免責聲明 | إخلاء مسؤولية | הבהרה משפטית | ansvarsfraskrivelse |
    ansvarsfriskrivning | vastuuvapauslauseke
    """
)
PRINTING = stems(
    """
    consider the environment before | think before you print | think before printing |
    do you really need to print | denken sie an die umwelt | bitte prüfen sie der umwelt zuliebe |
    denken sie bitte an unsere umwelt | pensez à l'environnement | avant d'imprimer | n'imprimez |
    antes de imprimir | piense en el medio | pense no meio ambiente | prima di stampare | pensa all'ambiente |
    denk aan het milieu | tänk på miljön | tenk på miljøet | tænk på miljøet | ajattele ympäristöä |
    przed wydrukowaniem | zanim wydrukujesz | než vytisknete | pred vytlačením | mielőtt kinyomtat |
    înainte de a tipări | yazdırmadan önce | çevreyi düşün | прежде чем распечат | подумайте об экологии |
    σκεφτείτε το περιβάλλον | 请考虑环境 | 打印前 | 印刷する前に | 환경을 생각 | scanned for viruses |
    virus scanned | checked for viruses | auf viren geprüft | analysé contre les virus
    """
)
# At the beginning: the mail came from outside, and be careful.
OUTSIDE = stems(
    """
    external | outside | originated from | extern | externe | außerhalb | ausserhalb | extérieur | externo |
    externa | fuera de | fora da | esterno | esterna | all'esterno | buiten | utanför | ekstern | udefra |
    ulkopuol | väline | zewnętrzn | spoza | mimo | izvan | zunanj | külső | kurum dışı | dışarıdan | harici |
    внешн | за пределами | зовнішн | външн | εξωτερικ | חיצוני | خارج | بیرون | 外部 | 외부 | bên ngoài |
    eksternal | luar | ภายนอก | don't often get | do not often get
    """
)
WARNING = stems(
    """
    caution | warning | beware | attention | external | do not click | don't click | click | links | link |
    attachment | attachments | sender | phishing | suspicious | unless you | recogni | organi | safe | trust |
    often get email | vorsicht | achtung | warnung | klicken | anhänge | anhang | absender | organisation |
    prudence | cliquez | liens | pièces jointes | expéditeur | precaución | atención | enlaces | adjuntos | remitente |
    organización | haga clic | cuidado | atenção | anexos | remetente | clique | attenzione | allegati |
    mittente | collegamenti | fare clic | let op | voorzichtig | bijlagen | afzender | klik | varning | klicka |
    länk | försiktig | bifogade |
    avsändare | advarsel | vedhæft | vedlegg | afsender | avsender | varoitus | liitteitä | linkkejä | lähettäjä |
    uwaga | ostrożn | załącznik | nadawc | upozornění | pozor | přílohy | odesílatel | figyelem | melléklet |
    feladó | atenție | atașament | expeditor | dikkat | bağlantı | ekleri | gönderen | tıklama | внимание |
    осторожно | ссылк | вложени | отправител | увага | посиланн | вкладен | προσοχή | συνημμέν | αποστολέα |
    זהירות | קישור | קבצים | שולח | تحذير | تنبيه | روابط | مرفقات | المرسل | هشدار | پیوست | 警告 | 注意 | 链接 |
    附件 | 发件人 | 連結 | 點擊 | 寄件者 | リンク | 添付 | 送信者 | 주의 | 링크 | 첨부 | 발신자 | cảnh báo |
    liên kết | đính kèm | người gửi | peringatan | tautan | lampiran | pengirim | คำเตือน | ลิงก์
    """
)
LIST = stems(
    """
    mailing list | mailing-list | mailinglist | unsubscribe | listinfo | subscribed to | list archive |
    you received this message because | you are receiving this | to post to this group | view this discussion |
    mailman | google groups | groups.io | manage your subscription | abbestellen | abmelden | mailingliste |
    verteiler | désabonner | se désinscrire | liste de diffusion | cancelar la suscripción | darse de baja |
    lista de correo | lista de distribución | cancelar inscrição | cancelar subscrição | lista de discussão |
    lista de e-mail | annulla l'iscrizione | cancellarsi | uitschrijven | afmelden | e-maillijst | afmeld |
    avsluta prenumeration | avregistrera | e-postlista | meld deg av | postituslista | peruuta tilaus |
    postiloend | wypisać | lista dyskusyjna | odhlásit | odhlásiť | odjava | odjavi | leiratkoz | levelezőlista |
    dezabon | listeden çık | abonelikten | e-posta listesi | отписаться | рассылк | відписатися | розсилк |
    отпис | διαγραφή | λίστα | ביטול הרשמה | רשימת תפוצה | إلغاء الاشتراك | القائمة البريدية | لغو اشتراک | 退订 |
    取消订阅 | 邮件列表 | 退訂 | 取消訂閱 | 郵件列表 | 配信停止 | メーリングリスト | 수신거부 | 구독 취소 |
    메일링 리스트 | hủy đăng ký | berhenti berlangganan | milis | ยกเลิกการรับ
    """
)
ADVERT = stems(
    """
    virus-free | virenfrei | sans virus | libre de virus | livre de vírus | privo di virus | virusvrij |
    virusfri | viruksista | wolny od wirusów | bez virů | bez vírusov | vírusmentes | без вирусов | вирусов нет |
    ウイルス フリー | avast.com | avg.com | checked by avg | this email has been checked | get your free |
    free email | your free e-mail | do you yahoo | yahoo! mail | sent with proton | secured with tuta |
    sent with superhuman | mailtrack | hushmail | proton mail secure | ist werbefrei | windows live |
    msn messenger | join the world | hotmail.com
    """
)
