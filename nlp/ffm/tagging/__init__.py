"""From a report to tagged passages: the pipeline, one report, many reports, the data set."""
