"""The report as one web page: the blocks that the PDF is set from, for readers whom a PDF does not serve."""
