"""Engines: who does the arithmetic of training. One contract, one engine a file."""
