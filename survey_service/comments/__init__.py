"""What a reviewer of comments needs: themes, marks on what could identify a person, an order.

Pure: no store, no terminal, no files.
"""
