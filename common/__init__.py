"""What every part needs and no part owns: errors, ids, time, data edges, actor, current tenant."""
