"""A company to look around in: its people, and ten weeks of learning that went through the same actions as everybody's."""
