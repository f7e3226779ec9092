"""What this room decides: one transaction each, the acting person named, the trail told last."""
