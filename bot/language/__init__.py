"""What may be written: the text of rule and flow files becomes checked objects, or Problems.

May import: domain.
Tests: tests/language.
"""
