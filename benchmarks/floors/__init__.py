"""What the machine does without the product: the floors that figures are compared with."""
