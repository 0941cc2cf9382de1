"""What leaves termwise for other programs: logs for process miners, tables for spreadsheets."""
