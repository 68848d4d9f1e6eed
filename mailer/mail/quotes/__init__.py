"""How quotes, signatures and notices look in the mails of all programs and languages. Door: `mail/folding`."""
