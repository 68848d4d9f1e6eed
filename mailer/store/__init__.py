"""The only SQL. One file a noun; each function takes the connection first, and its caller's transaction."""
