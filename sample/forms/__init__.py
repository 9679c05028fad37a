"""One report in every container: HTML, plain text, Word, OpenDocument, PDF."""
