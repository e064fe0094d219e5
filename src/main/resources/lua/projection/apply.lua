-- Applies one step of a project's projection, if it is the next step under the lease, and renews the lease.
-- KEYS: lease, counts, terms, segments, blocks, three tables of few records (workers, queues, schedules), the order of each,
--       then records and columns of each segment, columns and their copy of each segment that was closed,
--       the minutes of each hour, each block
-- ARGV: node, epoch, number of steps before, lease ms, most records of a small table,
--       number of segments, of closed segments, of hours, of blocks,
--       fields of the lease, terms, segments, counts: n, (field, value)… each,
--       each segment: n, (field, record)…, n, (offset, bytes)…,
--       each small table: n, (key, record)…, n removed, key…,
--       increments of the counts and of each hour: n, (name, increment)…,
--       each block: name, time of expiry in ms or 0, n, (field, value)…
-- Returns 1, or -1 if another node holds the lease or the step was applied before; nothing changes then. An expired lease
--   stays valid until another node acquires it.
local kept = redis.call('HMGET', KEYS[1], 'owner', 'epoch', 'step')
if kept[1] ~= ARGV[1] or kept[2] ~= ARGV[2] or (kept[3] or '0') ~= ARGV[3] then
  return -1
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + tonumber(ARGV[4])),
  'step', string.format('%.0f', tonumber(ARGV[3]) + 1))
local most = tonumber(ARGV[5])
local segments, closed, hours, blocks = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local hour_ms = 3 * 3600 * 1000
local key = 12
local at = 10

-- Reads the next list of arguments. Returns the positions of its first and last value.
local function list(width)
  local first = at + 1
  at = first + tonumber(ARGV[at]) * width
  return first, at - 1
end

-- Sends at most 400 arguments in one command, because Lua's stack is bounded.
local function together(command, hash, first, last)
  for from = first, last, 400 do
    redis.call(command, hash, unpack(ARGV, from, math.min(from + 399, last)))
  end
end

local function increment(hash)
  local first, last = list(2)
  for i = first, last, 2 do
    redis.call('HINCRBY', hash, ARGV[i], ARGV[i + 1])
  end
end

together('HSET', KEYS[1], list(2))
together('HSET', KEYS[3], list(2))
together('HSET', KEYS[4], list(2))
together('HSET', KEYS[2], list(2))
for _ = 1, segments do
  together('HSET', KEYS[key], list(2))
  local columns = KEYS[key + 1]
  local first, last = list(2)
  for i = first, last, 2 do
    redis.call('SETRANGE', columns, ARGV[i], ARGV[i + 1])
  end
  key = key + 2
end
for _ = 1, closed do
  -- Redis reserves up to twice the length of a string that grows. A copy has the length that it needs.
  redis.call('COPY', KEYS[key], KEYS[key + 1], 'REPLACE')
  redis.call('RENAME', KEYS[key + 1], KEYS[key])
  key = key + 2
end
for small = 6, 8 do
  local order = KEYS[small + 3]
  local first, last = list(2)
  for i = first, last, 2 do
    keep_newest(KEYS[small], order, most, now, ARGV[i], ARGV[i + 1])
  end
  first, last = list(1)
  together('HDEL', KEYS[small], first, last)
  together('ZREM', order, first, last)
end
increment(KEYS[2])
for _ = 1, hours do
  increment(KEYS[key])
  redis.call('PEXPIRE', KEYS[key], hour_ms)
  key = key + 1
end
if blocks > 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[5], 1, now)
end
for _ = 1, blocks do
  local name, expiry = ARGV[at], ARGV[at + 1]
  at = at + 2
  together('HSET', KEYS[key], list(2))
  redis.call('ZADD', KEYS[5], expiry, name)
  if expiry ~= '0' then
    redis.call('PEXPIREAT', KEYS[key], expiry)
  end
  key = key + 1
end
return 1
