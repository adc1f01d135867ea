"""Working days, holidays, leave, sending windows and periods: all date arithmetic of the product."""
