"""What an answer leaves out or depends on, one module for each reason."""
