"""What doors may call: plain values in and out, one unit of work a call."""
