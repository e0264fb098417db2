"""What holds for all packets: intents of a team, and two sets of policies that may be equivalent."""
