"""From rows to what the pages of this room show: words, tones, icons, addresses. No query of its own."""
