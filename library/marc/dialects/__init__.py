"""The rules of each dialect: what its records say, what is wrong with them, how they become MARC 21."""
