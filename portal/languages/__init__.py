"""The words of pages in the language of their reader."""
