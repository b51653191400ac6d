"""The decisions: does anything run this test, set up this fixture, and in which event loop."""
