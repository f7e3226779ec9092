"""Machinery of our own machines: real servers, all processes, the demo, the tests. No part of the product."""
