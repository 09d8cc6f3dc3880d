"""Following executions and logs: who watches is woken by live updates, and reads what there is."""
