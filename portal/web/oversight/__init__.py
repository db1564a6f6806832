"""Pages for PCC offices, inspectors and force crime registrars."""
