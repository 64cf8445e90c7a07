"""What the portal is measured against: the least that could give the same answer, on the same and on the usual server."""
