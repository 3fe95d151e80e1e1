"""The command line: one small module a verb, each imported only when its verb is called."""
