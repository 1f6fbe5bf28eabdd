"""What became of the customer's rows, told phase by phase, in words that need no knowledge of this program.

Each phase reads the tables in which it has counted already: nothing is counted a second time here.
"""
