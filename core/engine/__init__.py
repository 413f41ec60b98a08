"""The child process that holds torch: check, compile, data, fit, observe, export."""
