"""What a sweep says: tables that answer the questions of the field, from the runs that were kept."""
