"""What a chart does with its values: which of them switch objects on and off, which are read, which are lacking."""
