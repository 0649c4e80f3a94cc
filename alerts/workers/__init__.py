"""Workers of a scaled-out installation: any number of processes on any number of machines."""
