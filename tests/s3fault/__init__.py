"""An S3 of our own, on loopback: it lies and fails as it is told, and looks after every write whether all still holds."""
