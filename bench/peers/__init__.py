"""What Clusterwatch is measured against: minimal loops over other libraries, a process each."""
