"""What a body outside runs for itself: a witness and a monitor, without the portal's database."""
