"""The units: one module for each format, with one function `render(listing, options)`."""
