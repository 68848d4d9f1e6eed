"""The few things mail cannot do: one click to leave, health and figures for whoever runs the server."""
