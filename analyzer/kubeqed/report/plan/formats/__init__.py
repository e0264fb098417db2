"""The plan of addresses: one module for each format, with one function `render(plan, options)`."""
