"""The errors that users see. One root; the command line turns each into one line and exit code 2.

A message says what is true, where, and what to do next.
"""


class AlignError(Exception):
    """Root of all errors that the toolkit raises on purpose."""


class ConfigError(AlignError):
    """A setting or option is wrong."""


class InputError(AlignError):
    """A file or text that was given cannot be used as it is."""


class ModelError(AlignError):
    """A translation model or embedder is missing, incomplete or unfit."""
