"""SARIF 2.1.0 as GitHub code scanning shows it well, built from the classes of `sarif_om`.

Imported only by `formats/sarif.py`: the classes cost 90 ms.
"""
