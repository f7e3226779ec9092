"""The adviser's pages."""
