"""What holds of charts at any values: one module for each format, with one function `render(outcome, options)`."""
