"""What the portal has to survive, with real servers, real processes and signals. `make faults` runs it."""
