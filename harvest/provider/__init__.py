"""Answers harvesters by OAI-PMH 2.0: arguments in, XML out. It keeps nothing and knows neither HTTP nor SQL."""
