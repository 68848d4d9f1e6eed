"""How a header field is written, and the last look at what leaves. Door: `mail/compose`."""
