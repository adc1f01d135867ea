"""What a browser sends, read into the shapes that the rooms accept."""
