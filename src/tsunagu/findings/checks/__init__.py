"""The checks themselves: pure functions from plain values to what they raise."""
