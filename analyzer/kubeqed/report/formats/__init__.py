"""One module for each format, with one function: `render(report, options)`. The file name is the format's name."""
