"""What a process definition says: its grammar, its phrases, and the checks made when it is loaded."""
