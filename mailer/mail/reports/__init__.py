"""How machines write: non-delivery reports, auto-replies. Doors: `mail/dsn`, `mail/robots`."""
