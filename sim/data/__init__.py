"""What is made from public data: the starting worlds, and later calibration and hindcasts.

The data do not come with the package; a folder of them is named by the user (``--data DIR`` or ``SIM_DATA``).
"""
