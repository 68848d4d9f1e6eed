"""The few things mail cannot do: one click to leave, an archive to read, health and figures for whoever runs it."""
