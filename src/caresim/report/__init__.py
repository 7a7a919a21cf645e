"""Reports of a run for a board: one HTML page, an Excel workbook and CSV files.

`build` makes sections from a run, `page`, `workbook` and `tables` write them.
"""

from caresim.report.build import report
from caresim.report.page import page
from caresim.report.tables import csv_files
from caresim.report.workbook import workbook

__all__ = ["csv_files", "page", "report", "workbook"]
