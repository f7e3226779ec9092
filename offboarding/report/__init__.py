"""The report that ends a plan, as PDF."""
