"""The lists of codes that forms offer: values as they stand in records, and what they mean."""
