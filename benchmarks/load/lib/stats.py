"""Medians, percentiles, and a straight line."""

import math
import statistics

median = statistics.median


def percentile(ordered, percent):
    """Of values in ascending order: the nearest rank. 0 where there are none."""
    if not ordered:
        return 0.0
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


def spread(values):
    """Median, least and greatest."""
    return {"median": median(values), "min": min(values), "max": max(values)}


def line(xs, ys):
    """Least squares: the slope, and its standard error. Both 0 for fewer than three points."""
    n = len(xs)
    if n < 3:
        return 0.0, 0.0
    mx, my = sum(xs) / n, sum(ys) / n
    sxx = sum((x - mx) ** 2 for x in xs)
    slope = sum((x - mx) * (y - my) for x, y in zip(xs, ys)) / sxx
    rest = sum((y - my - slope * (x - mx)) ** 2 for x, y in zip(xs, ys))
    return slope, math.sqrt(rest / (n - 2) / sxx)
