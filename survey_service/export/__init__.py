"""Published figures and de-identified rows in the formats that other programs read."""
