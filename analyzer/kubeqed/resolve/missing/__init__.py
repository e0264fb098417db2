"""References that lead nowhere: what may have been meant, and what may yet create it."""
