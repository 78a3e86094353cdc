"""Harvests partners by OAI-PMH 2.0: every record, or a reason; never "no more" where something was lost."""
