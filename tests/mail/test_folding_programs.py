"""Mails as the programs of many makers write them: quotes, signatures and footers in their own shapes."""

import pytest

from mailer.mail.folding import fold
from mailer.mail.message import Headers, Mailbox, Message

# The mail as written, and what of it is new.
MAILS: list[tuple[str, str]] = [
    (
        (
            "Kiitos, toimii.\n\nYstävällisin terveisin,\nKari Holm\nHuoltopäällikkö\n\n__________________________"
            "______\nLähettäjä: Ville Virtanen\nLähetetty: tiistai 3. maaliskuuta 2026 10.15\n"
            "Vastaanottaja: Kari Holm\nAihe: VS: Pump seals\n\nHei\n"
        ),
        "Kiitos, toimii.",
    ),
    (
        (
            "Teşekkürler.\n\nKimden: Ali Can\nGönderme Tarihi: 3 Mart 2026 Salı 10:15\nKime: Kari Holm\n"
            "Konu: RE: Pump seals\n\nMerhaba\n"
        ),
        "Teşekkürler.",
    ),
    (
        (
            "Teşekkürler.\n\nGönderen: Ali Can <ali@x.example>\nGönderme Tarihi: 3 Mart 2026 Salı 10:15\n"
            "Kime: Kari Holm\nKonu: RE: Pump seals\n\nMerhaba\n"
        ),
        "Teşekkürler.",
    ),
    (
        (
            "Works for me\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\n"
            "From: list@cop.example <list@cop.example> on behalf of Ana <a@x.example>\nSent: Tuesday, March 3, 20"
            "26 10:15:22 AM\nTo: Kari\nSubject: Pump seals\n\nHello"
        ),
        "Works for me",
    ),
    (
        (
            "Agreed.\n\n\nKari Holm\nFjord AS\n\n\n\nFrom:   Ana Ruiz <ana@x.example>\nTo:     list@cop.example\n"
            "Date:   03/03/2026 10:15\nSubject:        Pump seals\n\n\n\nHello all"
        ),
        "Agreed.",
    ),
    (
        (
            "Agreed.\n\n-----Ana Ruiz <ana@x.example> wrote: -----\nTo: list@cop.example\nFrom: Ana Ruiz <ana@x.e"
            "xample>\nDate: 03/03/2026 10:15\nSubject: Pump seals\n\nHello"
        ),
        "Agreed.",
    ),
    (
        "Agreed.\n\n>>> Ana Ruiz <ana@x.example> 3/3/2026 10:15 AM >>>\nHello all\nwhich seal?",
        "Agreed.",
    ),
    (
        (
            "Agreed.\n\n    On Tuesday, March 3, 2026, 10:15:22 AM GMT+1, Ana Ruiz <ana@x.example> wrote:  \n"
            " \n Hello all,\nwhich seal?\n  "
        ),
        "Agreed.",
    ),
    (
        (
            "Agreed.\n\n--- On Tue, 3/3/26, Ana Ruiz <ana@x.example> wrote:\n\n\nFrom: Ana Ruiz <ana@x.example>\n"
            "Subject: Pump seals\nTo: list@cop.example\nDate: Tuesday, March 3, 2026, 10:15 AM\n"
            "\n\nHello"
        ),
        "Agreed.",
    ),
    (
        (
            "Agreed.\n\nSent with [Proton Mail](https://proton.me/) secure email.\n\n------- Original Message ---"
            "----\nOn Tuesday, March 3rd, 2026 at 10:15 AM, Ana Ruiz <ana@x.example> wrote:\n\n"
            "> Hello\n> which"
        ),
        "Agreed.",
    ),
    (
        ("Agreed.\n\nOn Tuesday, March 3rd, 2026 at 10:15 AM, Ana Ruiz <ana@x.example> wrote:\n\n> Hello"),
        "Agreed.",
    ),
    (
        (
            "Agreed\n\n\nSent from my Galaxy\n\n\n-------- Original message --------\nFrom: Ana Ruiz <ana@x.examp"
            "le>\nDate: 03/03/2026 10:15 (GMT+01:00)\nTo: list@cop.example\nSubject: Pump seals\n"
            "\nHello"
        ),
        "Agreed",
    ),
    (
        (
            "Ok\n\n\nVon meinem/meiner Galaxy gesendet\n\n\n-------- Ursprüngliche Nachricht --------\n"
            "Von: Ana Ruiz <ana@x.example>\nDatum: 03.03.26 10:15 (GMT+01:00)\nAn: list@cop.example\n"
            "Betreff: Pump seals\n\nHallo"
        ),
        "Ok",
    ),
    (
        (
            'Danke!\n\nGesendet: Dienstag, 03. März 2026 um 10:15 Uhr\nVon: "Ana Ruiz" <ana@x.example>\n'
            "An: list@cop.example\nBetreff: Pump seals\n\nHallo"
        ),
        "Danke!",
    ),
    (
        "* Ana Ruiz <ana@x.example> [2026-03-03 10:15]:\n> which seal\n> do you use?\n\nThe blue.",
        "The blue.",
    ),
    (
        "Ana Ruiz <ana@x.example> writes:\n\n> which seal\n> do you use?\n\nThe blue.",
        "The blue.",
    ),
    (
        "Quoting Ana Ruiz <ana@x.example>:\n\n> which seal\n> do you use?\n\nThe blue.",
        "The blue.",
    ),
    (
        "Zitat von Ana Ruiz <ana@x.example>:\n\n> which seal\n> do you use?\n\nDie blaue.",
        "Die blaue.",
    ),
    (
        "Ana Ruiz escreveu:\n> which seal\n> do you use?\n\nThe blue.",
        "The blue.",
    ),
    (
        "Ana Ruiz schrieb am 3. März 2026:\n> which seal\n> do you use?\n\nThe blue.",
        "The blue.",
    ),
    (
        ("Excerpts from Ana Ruiz's message of March 3, 2026 10:15 am:\n> which seal\n> do you use?\n\nThe blue."),
        "The blue.",
    ),
    (
        (
            '同意。\n\n\n\n\n------------------&nbsp;原始邮件&nbsp;------------------\n发件人: "Ana"<ana@x.exam'
            'ple>; \n发送时间: 2026年3月3日(星期二) 上午10:15\n收件人: "list"<list@cop.example>; \n'
            "主题: Pump seals\n\n你好"
        ),
        "同意。",
    ),
    (
        ('同意。\n\n---原始邮件---\n发件人: "Ana"<ana@x.example>\n发送时间: 2026年3月3日(周二) 上午10:15\n\n你好'),
        "同意。",
    ),
    (
        (
            "了解しました。\n\n-----Original Message-----\nFrom: Ana Ruiz <ana@x.example>\nSent: Tuesday, March 3"
            ", 2026 10:15 AM\nTo: list@cop.example\nSubject: Pump seals\n\nこんにちは"
        ),
        "了解しました。",
    ),
    (
        "了解しました。\n\n2026年3月3日(火) 10:15 <ana@x.example>:\n\n> こんにちは\n> どれ",
        "了解しました。",
    ),
    (
        "了解しました。\n\n（2026/03/03 10:15）、Ana Ruiz wrote:\n> こんにちは\n> どれ",
        "了解しました。",
    ),
    (
        (
            "Agreed.\n\nOn Tuesday, 3 March 2026 at 10:15, Ana Maria Ruiz de la Torre via the community\n"
            "of practice of pumps and seals <list@cop.example> wrote:\n\n> Hello"
        ),
        "Agreed.",
    ),
    (
        'Agreed.\nOn Mar 3, 2026 10:15 AM, "Ana Ruiz" <ana@x.example> wrote:\n\nHello all',
        "Agreed.",
    ),
    (
        ("Agreed.\n\nOn Tue, Mar 3, 2026 at 10:15 AM Ana Ruiz <ana@x.example> wrote:\nHello all\n\nwhich?"),
        "Agreed.",
    ),
    (
        "Agreed.\n\nOn Tue, Mar 3, 2026, 10:15 Ana Ruiz wrote:\n\n> Hello",
        "Agreed.",
    ),
    (
        "Agreed.\n\nAna Ruiz wrote:\n> Hello\n> which",
        "Agreed.",
    ),
    (
        "Agreed.\n\nOn 3 Mar, Ana Ruiz wrote:\n> Hello\n> which",
        "Agreed.",
    ),
    (
        (
            "Agreed.\n\nThanks,\nKari\n\nKari Holm | Service Manager\nFjord AS | Strandgata 1, Bergen\n"
            "M: +47 911 22 333 | kari.holm@fjord.example\n\nFrom: Ana Ruiz <ana@x.example>\nSent: 3. mars 2026 10"
            ":15\nTo: list@cop.example\nSubject: Pump seals\n\nHello"
        ),
        "Agreed.\n\nThanks,\nKari",
    ),
    (
        "Agreed.\n\nKari Holm\nFjord AS\nTel +47 911 22 333\n",
        "Agreed.",
    ),
    (
        "Agreed.\n\nBest,\nKari\n",
        "Agreed.",
    ),
    (
        "Agreed. Best, Kari",
        "Agreed. Best, Kari",
    ),
    (
        "Agreed.\n\nThanks & Regards,\nKari Holm\n+47 911 22 333",
        "Agreed.",
    ),
    (
        ("Agreed.\n\nCheers\n\nKari Holm\nFjord AS\n\n*P* Please consider the environment before printing this e-mail"),
        "Agreed.",
    ),
    (
        (
            'Agreed.\n\n-- \nYou received this message because you are subscribed to the Google Groups "Pumps" '
            "group.\nTo unsubscribe from this group and stop receiving emails from it, send an email to pumps+uns"
            "ubscribe@googlegroups.com.\nTo view this discussion on the web visit https://groups.google.com/d/msg"
            "id/pumps/abc."
        ),
        "Agreed.",
    ),
    (
        (
            "Agreed.\n\n\n-=-=-=-=-=-=-=-=-=-=-=-\nGroups.io Links: You receive all messages sent to this group."
            "\nView/Reply Online (#123): https://x.groups.io/g/main/message/123\nGroup Owner: main+owner@x.groups"
            ".io\nUnsubscribe: https://x.groups.io/g/main/unsub [kari@fjord.example]\n-=-=-=-=-=-=-=-=-=-=-=-\n"
        ),
        "Agreed.",
    ),
    (
        (
            "Agreed.\n________________________________\n\nThis e-mail and any attachment are confidential and may"
            " be legally privileged. If you are not the intended recipient, please notify the sender and delete i"
            "t.\n"
        ),
        "Agreed.",
    ),
    (
        (
            "See my answers in line.\n\nOn Tue, 3 Mar 2026 at 10:15, Ana Ruiz <ana@x.example> wrote:\n"
            "\n> which seal?\n\nblue\n\n> what pressure?\n\n40 bar\n\nKari\n"
        ),
        (
            "See my answers in line.\n\nOn Tue, 3 Mar 2026 at 10:15, Ana Ruiz <ana@x.example> wrote:\n"
            "\n> which seal?\n\nblue\n\n> what pressure?\n\n40 bar\n\nKari"
        ),
    ),
    (
        (
            "De acuerdo.\n\nEnviado desde mi iPhone\n\n> El 3 mar 2026, a las 10:15, Ana Ruiz <ana@x.example> esc"
            "ribió:\n> \n> \ufeffHola\n"
        ),
        "De acuerdo.",
    ),
    (
        "Ok\n\nObtener Outlook para Android<https://aka.ms/ghei36>\n",
        "Ok",
    ),
    (
        "D'accord\n\nTélécharger Outlook pour iOS<https://aka.ms/o0ukef>\n",
        "D'accord",
    ),
    (
        "Ok\n\nEnvoyé à partir de Outlook pour Android<https://aka.ms/AAb9ysg>\n",
        "Ok",
    ),
    (
        "ok\n\nSent from Mail for Windows 10\n",
        "ok",
    ),
    (
        "ok\n\nSent from my T-Mobile 4G LTE Device",
        "ok",
    ),
    (
        "ok\n\nSent from my mobile, please excuse typos.",
        "ok",
    ),
    (
        "Sent from the pump room: it holds.",
        "Sent from the pump room: it holds.",
    ),
    (
        "We sent it via Outlook and Gmail",
        "We sent it via Outlook and Gmail",
    ),
    (
        "ok\n\nDownload the manual for Samsung pumps",
        "ok\n\nDownload the manual for Samsung pumps",
    ),
    (
        "ok\n\nGet a new phone",
        "ok\n\nGet a new phone",
    ),
    (
        (
            "Bonjour,\n\nOui.\n\nCordialement,\n\nKari Holm\n\n\nDe : Ana Ruiz <ana@x.example>\n"
            "Date : mardi, 3 mars 2026 à 10:15\nÀ : list@cop.example\nObjet : Pump seals\n\nBonjour"
        ),
        "Bonjour,\n\nOui.",
    ),
    (
        ("Si.\n\nIl giorno 3 mar 2026, alle ore 10:15, Ana Ruiz <ana@x.example> ha scritto:\n\n> Ciao"),
        "Si.",
    ),
    (
        "Sim.\n\nEm ter, 3 de mar de 2026 10:15, Ana Ruiz <ana@x.example>\nescreveu:\n\n> Olá",
        "Sim.",
    ),
    (
        (
            "Ja.\n\nVan: Ana Ruiz [mailto:ana@x.example]\nVerzonden: dinsdag 3 maart 2026 10:15\n"
            "Aan: list@cop.example\nCC: Bo\nOnderwerp: Pump seals\nUrgentie: Hoog\n\nHallo"
        ),
        "Ja.",
    ),
    (
        ('Да.\n\n-- \nС уважением,\nКари\n\n3 марта 2026 г., 10:15, "Ana Ruiz" <ana@x.example>:\n\nПривет'),
        "Да.",
    ),
    (
        "Да.\n\n03.03.2026 10:15, Ana Ruiz пишет:\n> Привет\n> да",
        "Да.",
    ),
    (
        (
            "כן.\n\nמאת: Ana Ruiz <ana@x.example>\nנשלח: יום שלישי, 3 במרץ 2026 10:15\nאל: list@cop.example\n"
            "נושא: Pump seals\n\nשלום"
        ),
        "כן.",
    ),
]


@pytest.mark.parametrize(("text", "new"), MAILS)
def test_programs(text: str, new: str) -> None:
    sender, to = (Mailbox("Kari Holm", "kari.holm@fjord.example"),), (Mailbox("", "list@cop.example"),)
    body = fold(Message(Headers(()), "", (), (), "Re: Pump seals", sender, to, (), (), None, text, ""))
    assert body.new_text.split() == new.split()
