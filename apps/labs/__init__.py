"""How does a lab run for a person? Run rows, forms, pages, live points and the tasks that carry them out."""
