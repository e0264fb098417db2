"""What several questions share: parts of their formulas, and the answer about something that is missing."""
