"""A community that plays itself: members with their own mail programs, a month of mails, a post room to look in."""
