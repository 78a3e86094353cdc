"""Searches the catalogues of partners, by SRU and by Z39.50, for records to be copied."""
