"""Setting the blocks of a report on sheets of A4, after GB/T 9704 where a dense report allows it."""
