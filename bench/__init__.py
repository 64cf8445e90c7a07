"""Speed of the portal as ratios, in one run: `make bench`. What is measured and why: docs/decisions/0006-server.md."""
