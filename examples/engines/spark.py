"""Answers posts with Spark: every partition goes through a copy of the filter.

    spark-submit spark.py POSTS ANSWERS [PARTITIONS] [COMMAND]

POSTS has a post a line, ANSWERS is a folder that is made. The filter has to be installed on all machines. A copy that fails
fails its task, which Spark gives to another copy (checkCode): what it has written by then is thrown away.
"""

import os
import sys

from pyspark.sql import SparkSession


def main(posts, answers, partitions="4", command="gmner-stream --jobs 1 --blank answer"):
    spark = SparkSession.builder.appName("gmner").getOrCreate()
    lines = spark.sparkContext.textFile(posts, minPartitions=int(partitions))
    # Pipes start without an environment: not even a path to find the filter by.
    environment = {name: os.environ[name] for name in ("PATH", "GMNER_MODEL") if name in os.environ}
    # A folder with files in the order of the posts; `line` counts in each partition from 1.
    lines.pipe(command, env=environment, checkCode=True).saveAsTextFile(answers)
    print("Spark", spark.version, "with", lines.getNumPartitions(), "partitions")
    spark.stop()


main(*sys.argv[1:])
