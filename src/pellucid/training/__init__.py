"""Training: time. The order of rows, stretches of epochs, stopping, records of what happened."""
