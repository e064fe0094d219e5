# Runs a Redis and ends it when the process that writes to standard input ends, even if that process is killed.
# Arguments: the redis-server binary and the directory of its data.
# Standard input: the configuration, a line with only a dot, then nothing until the writer ends.
# Output: the process id of the Redis.
# The configuration contains the password, so it is never passed as an argument, which other users could see.
trap '' HUP INT TERM
config=
while IFS= read -r line && [ "$line" != . ]; do
  config="$config$line
"
done
[ "$line" = . ] || exit 1
exec 3<&0
printf %s "$config" | "$1" --dir "$2" - >>"$2/redis.log" 2>&1 3<&- &
redis=$!
echo "$redis"
(
  while read -r _; do :; done
  # A frozen Redis handles SIGTERM only after SIGCONT.
  kill -TERM "$redis"
  kill -CONT "$redis"
  sleep 5
  kill -KILL "$redis"
) <&3 >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait "$redis"
status=$?
kill -KILL "$watch" 2>/dev/null
exit "$status"
