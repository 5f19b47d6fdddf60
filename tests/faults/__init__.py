"""What the service and the machine do to a harvest, and what must be left of it."""
