"""The flow engine: care as stocks and flows in expectation, vectorised over members."""
