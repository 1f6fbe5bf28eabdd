"""What goes wrong on purpose: the plan, chance, what each kind does, and the stage of the pipeline that follows it."""
