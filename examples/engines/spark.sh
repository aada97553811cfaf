#!/bin/sh
# Spark's RDD.pipe: 100,000 posts in 4 partitions, of which one loses its copy of the filter in the middle.
#
#     spark.sh [COUNT]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/setup.sh"
command -v java > /dev/null || packages default-jre-headless
if [ ! -x "$installed/spark/bin/spark-submit" ]; then
    packages python3-venv
    python3 -m venv "$installed/spark"
    "$installed/spark/bin/pip" install --quiet pyspark==4.3.0
fi
java -version 2>&1 | head -n 1

posts "${1:-100000}" > "$work/posts"
gmner-stream "$work/posts" > "$work/expected"

cat > "$work/once-killed" << END
#!/bin/sh
mkdir "$work/killed" 2> /dev/null || exec gmner-stream --jobs 1 --blank answer
exec 3<&0
gmner-stream --jobs 1 --blank answer <&3 &
sleep 0.5
kill -9 \$!
wait \$!
END
chmod +x "$work/once-killed"

# On this machine alone, on two threads; a task may fail three times, which local[2] alone would not allow.
SPARK_LOCAL_IP=127.0.0.1 PYSPARK_PYTHON="$installed/spark/bin/python" "$installed/spark/bin/spark-submit" \
    --master 'local[2,4]' --conf spark.driver.bindAddress=127.0.0.1 --conf spark.ui.enabled=false \
    "$here/spark.py" "$work/posts" "$work/answers" 4 "$work/once-killed" 2> "$work/log" ||
    { grep "Error\|Lost task" "$work/log" >&2; exit 1; }
grep -q "Lost task" "$work/log"
echo "tasks that failed and were tried again: $(grep -c 'Lost task' "$work/log")"
cat "$work"/answers/part-* > "$work/joined"
same "Spark, one copy killed" "$work/expected" "$work/joined"
