-- Adds an entry to an agent's journal, or merges it into a recent entry with the same merge key.
-- KEYS: journal, agent record
-- ARGV: most entries kept, id, merge key (empty = never merged), count, age ms, retried 0 or 1, facts
-- Returns 1, or 0 if the agent does not exist or our own retry finds the entry stored.
-- An entry has the form id|merge key|first ms|last ms|count|facts. The script looks for the merge key among the 16
-- newest entries of the last 5 minutes. The merged entry moves to the front and takes the new facts.
local journal, kept, id, merge_key = KEYS[1], tonumber(ARGV[1]), ARGV[2], ARGV[3]
if redis.call('EXISTS', KEYS[2]) == 0 then
  return 0
end
if ARGV[6] == '1' then
  for _, entry in ipairs(redis.call('LRANGE', journal, 0, -1)) do
    if string.sub(entry, 1, #id + 1) == id .. '|' then -- our own retry after a lost reply
      return 0
    end
  end
end

local time = redis.call('TIME')
local last = time[1] * 1000 + math.floor(time[2] / 1000) - tonumber(ARGV[5])
local first, count = last, tonumber(ARGV[4])
if merge_key ~= '' then
  for i, entry in ipairs(redis.call('LRANGE', journal, 0, 15)) do
    local before, key, from, to, times = string.match(entry, '^([^|]*)|([^|]*)|(%d+)|(%d+)|(%d+)|')
    if key == merge_key and last - tonumber(to) < 300000 then
      id, first, count = before, tonumber(from), count + tonumber(times)
      last = math.max(last, tonumber(to))
      redis.call('LSET', journal, i - 1, '')
      redis.call('LREM', journal, 1, '')
      break
    end
  end
end
redis.call('LPUSH', journal, id .. '|' .. merge_key .. '|' .. string.format('%.0f', first) .. '|'
  .. string.format('%.0f', last) .. '|' .. string.format('%.0f', count) .. '|' .. ARGV[7])
redis.call('LTRIM', journal, 0, kept - 1)
return 1
