"""Tests. They never leave the loopback interface; see conftest.py."""
