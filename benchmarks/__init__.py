"""What is measured, as ratios within one run; README.md says how to read them."""
