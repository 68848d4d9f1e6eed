"""Who belongs: persons, their addresses and memberships, guests, and what each one wants."""
