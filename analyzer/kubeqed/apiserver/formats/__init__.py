"""What texts must look like wherever they stand: names, labels, addresses, quantities, schedules, metadata."""
