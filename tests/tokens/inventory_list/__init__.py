"""The list of every credential: filters, pages by key, files, many at once."""
