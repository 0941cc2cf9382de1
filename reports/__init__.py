"""What people read: statistics and reports in terminal, browser and JSON."""
