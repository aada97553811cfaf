#!/bin/sh
# Answers what has been added to a file of posts since the last time: hourly.sh POSTS ANSWERS
#
#   7 * * * *  /usr/share/doc/gmner/hourly.sh /var/lib/feed/posts.ndjson /var/lib/feed/answers.ndjson
#
# A run that takes longer than an hour is left alone by the next one. When logrotate puts a new file in the place of the
# posts, the checkpoint is refused; its configuration runs this script in `prerotate`, and removes ANSWERS.checkpoint in
# `postrotate`.
set -eu
posts=$1
answers=$2
exec 9> "$answers.running"
flock -n 9 || exit 0
exec gmner-stream --checkpoint "$answers.checkpoint" --resume --errors "$answers.errors" "$posts" >> "$answers"
