"""When things are looked at: a beat without a memory, and the jobs it calls."""
