-- Acquires the lease to project a shard, unless the lease of another node is still running.
-- KEYS: projection
-- ARGV: node, lease ms
-- Returns {epoch, step, position, birth (number of the youngest task), bytes up to the position or -1 if unknown},
--   or {} if another node holds the lease.
-- Every lease has a new epoch, even for the same node. Writes of an earlier lease that arrive late are rejected.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local kept = redis.call('HMGET', KEYS[1], 'owner', 'until', 'step', 'position', 'birth', 'reached')
if kept[1] and kept[1] ~= ARGV[1] and now < tonumber(kept[2]) then
  return {}
end
local epoch = redis.call('HINCRBY', KEYS[1], 'epoch', 1)
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'until', string.format('%.0f', now + tonumber(ARGV[2])))
local position = kept[4] or '0-0/0'
-- A node of a version without this field updates the position only.
local at, reached = string.match(kept[6] or '', '^(%S+) (%d+)$')
if position == '0-0/0' then
  reached = '0'
elseif at ~= position then
  reached = '-1'
end
return { string.format('%.0f', epoch), kept[3] or '0', position, kept[5] or '0', reached }
