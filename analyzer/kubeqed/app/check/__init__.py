"""`check` from the input to the report: rules run, suppressions apply, the summary says what was not looked at."""
