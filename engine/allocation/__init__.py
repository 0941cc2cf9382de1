"""Who is given to whom: pairings under hard rules and preferences, each explained. Pure, and the same for a seed."""
