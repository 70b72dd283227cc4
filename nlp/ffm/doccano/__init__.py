"""The exchange with doccano: projects set up, passages pushed, annotations pulled. Needs the extra ``doccano``."""
