"""What we measure, each beside the floor that it is compared with."""
