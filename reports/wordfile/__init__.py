"""The report as a Word file that an office can edit: the blocks that the PDF is set from."""
