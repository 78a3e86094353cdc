"""Plain Python: values and rules of the library, without database, web or engine."""
