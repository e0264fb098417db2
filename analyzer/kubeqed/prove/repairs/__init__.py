"""The smallest edits of policies that would make a refuted intent hold, each proved again after it.

An edit is that of `reach.remedy`, and is written by it. Here it is chosen for all packets of a claim: a refuting packet names
what might be changed, what is changed is proved again, and the next packet leads on, the cheapest changes first. What is
offered was read anew as it would be written, and proved.
"""
