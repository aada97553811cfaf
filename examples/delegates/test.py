#!/usr/bin/env python3
"""Tests the delegates, each as a program of its own. Nothing is sent anywhere but to this machine."""

import unittest

from test_chat import Chat
from test_lines import Lines
from test_oracle import Oracle
from test_recorded import Recorded

__all__ = ["Chat", "Lines", "Oracle", "Recorded"]

if __name__ == "__main__":
    unittest.main()
