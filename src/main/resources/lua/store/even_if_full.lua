-- Makes one small write although the memory limit of Redis is reached.
-- KEYS: key of the write
-- ARGV: command, then its arguments after the key
-- Returns the reply of the command.
even_if_full(KEYS[1])
return redis.call(ARGV[1], KEYS[1], unpack(ARGV, 2))
