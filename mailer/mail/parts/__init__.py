"""What a mail is made of: header fields, parts, charsets, HTML, calendars' zones. Doors: `mail/parse`, `mail/itip`."""
