"""The command line: arguments -> the same verbs as the Python API. The only place that prints or exits."""
