"""Forms: parsing, labels, hints; the domain judges the rest."""
