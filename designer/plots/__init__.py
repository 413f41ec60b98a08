"""The docks below the canvas: what a run shows of itself. Loaded after the first paint, since curves need pyqtgraph."""
