"""IRBIS64 and IRBIS32: databases (MST and XRF), text and ISO 2709 exports."""
