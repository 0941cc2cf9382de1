"""Who may see what: roles in force on a day against the class of what there is to see. Pure."""
