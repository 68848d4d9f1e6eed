"""Bytes to values and values to bytes. Pure: no clock, no network, no disk; time and ids are arguments."""
