"""The numbers: what became of every row and record, the models of the certificate, the pages that show them."""
