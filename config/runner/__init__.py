"""What stands behind bin/run, bin/test and bin/bench: embedded servers, set-up steps and processes that never outlive their runner.

Development and demonstration only; a company's own servers are started as deploy/ says.
"""
