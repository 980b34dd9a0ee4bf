"""One module for each matter: frozen data, and the function that asks the database for it.

Everything is counted in the database, over all rows at once; only what it cannot do (percentiles,
alike texts, runs of a flow) is done here, on what it gives back.
"""
