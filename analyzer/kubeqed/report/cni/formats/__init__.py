"""What CNIs make of policies: one module for each format, with one function `render(listing, options)`."""
