"""What remediations plan alike: images of what is there, and of what should be there. Pure functions over the model."""
