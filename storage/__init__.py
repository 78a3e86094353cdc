"""Keeps the bytes of full texts. It knows digests, quarantine and viruses, and has never heard of books."""
