#!/bin/sh
# GNU parallel: several copies of the filter on one machine or more, their answers in the order of the posts.
#
#     parallel.sh [COUNT]
#
# `--retries` gives a part of the stream to another copy where one died, and throws away what that had written. (With `--pipepart`,
# version 20221122 loses such a part.) For other machines add `--sshlogin host1,host2`, where gmner-stream is installed too.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/setup.sh"
packages parallel
parallel --version | head -n 1

posts "${1:-20000}" > "$work/posts"
gmner-stream "$work/posts" > "$work/expected"

parallel --pipe -k --block 256K --retries 3 gmner-stream --jobs 1 < "$work/posts" > "$work/answers"
same "parallel --pipe" "$work/expected" "$work/answers"

# The first copy that gets so far is killed in the middle of its work.
cat > "$work/once-killed" << 'END'
#!/bin/sh
mkdir "$1" 2> /dev/null || exec gmner-stream --jobs 1
exec 3<&0
gmner-stream --jobs 1 <&3 &
sleep 0.3
kill -9 $!
wait $!
END
chmod +x "$work/once-killed"
parallel --pipe -k --block 256K --retries 3 "$work/once-killed" "$work/killed" < "$work/posts" > "$work/answers"
[ -d "$work/killed" ]
same "parallel --pipe, one copy killed" "$work/expected" "$work/answers"
