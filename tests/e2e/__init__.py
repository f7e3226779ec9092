"""The whole portal: a real browser, a real git client, every process."""
