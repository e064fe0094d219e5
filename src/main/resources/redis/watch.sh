# Runs one Redis and ends it as soon as the writer of our standard input is gone, however that ended.
# Arguments: the binary, its directory. Standard input: the configuration, a line with a dot, then nothing until the end.
# Prints the process id of the Redis. The configuration holds the password, so it is never an argument of any process.
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
