"""The built-in blocks and the example architectures, drawn by scripts: `python -m architectures` writes their files."""
