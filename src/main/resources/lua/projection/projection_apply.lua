-- Applies one step of a shard's projection, if it is the next step under the lease, and renews the lease.
-- KEYS: projection, tasks, tasks in order, three tables of few records (workers, queues, schedules), the order of each,
--       counts, then the minutes of each hour
-- ARGV: node, epoch, number of steps before, lease ms, position, bytes up to the position or -1,
--       birth (number of the youngest task), most records of a small table,
--       tasks: n, (key, record)…, n removed, key…, n new, (number, key)…,
--       each small table: n, (key, record)…, n removed, key…,
--       counts and each hour: n, (name, increment)…
-- Returns the number of tasks that the shard then keeps, or -1 if another node holds the lease or the step was applied
--   before; nothing changes then. An expired lease stays valid until another node acquires it.
local kept = redis.call('HMGET', KEYS[1], 'owner', 'epoch', 'step')
if kept[1] ~= ARGV[1] or kept[2] ~= ARGV[2] or (kept[3] or '0') ~= ARGV[3] then
  return -1
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + tonumber(ARGV[4])),
  'step', string.format('%.0f', tonumber(ARGV[3]) + 1), 'position', ARGV[5], 'reached', ARGV[5] .. ' ' .. ARGV[6], 'birth', ARGV[7])
local most = tonumber(ARGV[8])
local hour_ms = 3 * 3600 * 1000
local at = 9

-- Reads the next list of arguments. Returns the positions of its first and last value.
local function list(width)
  local first = at + 1
  at = first + tonumber(ARGV[at]) * width
  return first, at - 1
end

-- Sends at most 400 arguments in one command, because Lua's stack is bounded.
local function together(command, key, first, last)
  for from = first, last, 400 do
    redis.call(command, key, unpack(ARGV, from, math.min(from + 399, last)))
  end
end

together('HSET', KEYS[2], list(2))
local first, last = list(1)
together('HDEL', KEYS[2], first, last)
together('ZREM', KEYS[3], first, last)
together('ZADD', KEYS[3], list(2))
for small = 4, 6 do
  local order = KEYS[small + 3]
  first, last = list(2)
  for i = first, last, 2 do
    keep_newest(KEYS[small], order, most, now, ARGV[i], ARGV[i + 1])
  end
  first, last = list(1)
  together('HDEL', KEYS[small], first, last)
  together('ZREM', order, first, last)
end
for counter = 10, #KEYS do
  first, last = list(2)
  for i = first, last, 2 do
    redis.call('HINCRBY', KEYS[counter], ARGV[i], ARGV[i + 1])
  end
  if counter > 10 then
    redis.call('PEXPIRE', KEYS[counter], hour_ms)
  end
end
return redis.call('ZCARD', KEYS[3])
