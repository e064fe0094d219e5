-- Claims the slot (agent, worker) for a session. slot.lua precedes this script.
-- KEYS: slots, agent record, session details, contests, journal, features of the sessions, reported engine workers,
--       mark of the shard
-- ARGV: worker, session, node, connection cap (0 = none), lease ms, retried 0 or 1, details, held back before 0 or 1,
--       features, n, n x (field, value) for the record, live nodes are fresh 0 or 1, number of live nodes, live nodes…,
--       trusted nodes…
-- Returns {'OPEN', epoch, displaced session, displaced node, number of slots that the agent holds},
--   {'LOST'} (another session already displaced this one), {'HOLD', ms to wait before the next try},
--   {'CAP', 1 if a slot may belong to a dead node or else 0}, {'GONE'} (the agent does not exist) or
--   {'UNMARKED'} (nor does the shard, because Redis lost its data or somebody deleted the project).
-- A contest has the form heat|last ms|since ms|journal ms|times held back|processes that lost the slot, newest first.
--   Heat rises by 1000 each time a process takes back the slot that it had lost, and falls by 1000 in 6 s.
local slots, record, details = KEYS[1], KEYS[2], KEYS[3]
-- The script drops a slot of a node that is not live if the list of live nodes is fresh and the slot was silent for
-- longer than a new node needs to appear in that list.
local UNKNOWN_MS = 8000
local worker, session, node, cap, lease = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])

if redis.call('EXISTS', record) == 0 then
  return {redis.call('EXISTS', KEYS[8]) == 1 and 'GONE' or 'UNMARKED'}
end

local held = read_slot(redis.call('HGET', slots, worker))
local displaced_session, displaced_node = string.match(held and held.displaced or '', '^|([^|]*)|([^|]*)')
if held and held.session == session then -- our own retry after a lost reply
  return {'OPEN', held.epoch, displaced_session or '', displaced_node or '', redis.call('HLEN', slots)}
end
-- Our own retry as well, but the next session has taken the slot since.
if ARGV[6] == '1' and displaced_session == session then
  return {'LOST'}
end

local now = now_ms()

local contest
local own, process = parse_details(ARGV[7])
if held and process then
  local other, other_process = parse_details(redis.call('HGET', details, worker) or '{}')
  if other_process and other_process ~= process then
    local heat, last, since, reported, times, losers_before =
      string.match(redis.call('HGET', KEYS[4], worker) or '0|0|0|0|0|', '^(%d+)|(%d+)|(%d+)|(%d+)|(%d+)|(.*)$')
    heat = math.max(0, tonumber(heat) - math.max(0, now - tonumber(last)) / 6)
    if heat == 0 then since, reported, times = 0, 0, 0 end
    since, reported, times = tonumber(since), tonumber(reported), tonumber(times)
    local takes_back = string.find(',' .. losers_before .. ',', ',' .. process .. ',', 1, true) ~= nil
    if takes_back and heat >= 5000 and ARGV[8] == '0' then
      if since == 0 then since = now end
      times = times + 1
      if now - reported >= 60000 then -- The whole contest has one journal entry, which moves to the front.
        reported = now
        local id = 'contest-' .. ms(since) .. '-' .. string.sub(redis.sha1hex(worker), 1, 8)
        for _, entry in ipairs(redis.call('LRANGE', KEYS[5], 0, -1)) do
          if string.sub(entry, 1, #id + 1) == id .. '|' then redis.call('LREM', KEYS[5], 1, entry) end
        end
        other.node, own.node = held.node, node
        redis.call('LPUSH', KEYS[5], id .. '||' .. ms(since) .. '|' .. ms(now) .. '|' .. ms(times)
          .. '|{"kind":"contest","reason":"shared_worker_id","message":"processes that share one worker_id displace '
          .. 'each other; give each process its own worker_id","node":' .. cjson.encode(node)
          .. ',"session_id":' .. cjson.encode(session)
          .. ',"worker_id":' .. (worker == '' and 'null' or cjson.encode(worker))
          .. ',"parties":[' .. cjson.encode(other) .. ',' .. cjson.encode(own) .. ']}')
        redis.call('LTRIM', KEYS[5], 0, 199)
      end
      redis.call('HSET', KEYS[4], worker, ms(heat) .. '|' .. ms(now) .. '|' .. ms(since) .. '|' .. ms(reported)
        .. '|' .. ms(times) .. '|' .. losers_before)
      redis.call('PEXPIRE', KEYS[4], 600000)
      return {'HOLD', math.floor(math.min(4000, 250 * 2 ^ ((heat - 4000) / 1000)))}
    end
    local losers = {other_process}
    for id in string.gmatch(losers_before, '[^,]+') do
      if id ~= process and id ~= other_process and #losers < 8 then losers[#losers + 1] = id end
    end
    contest = ms(math.min(12000, heat + (takes_back and 1000 or 0))) .. '|' .. ms(now) .. '|' .. ms(since)
      .. '|' .. ms(reported) .. '|' .. ms(times) .. '|' .. table.concat(losers, ',')
  end
end

local count = redis.call('HLEN', slots)
-- at the cap, and once in 16 sessions also below the cap
if not held and count > 0 and ((cap > 0 and count >= cap) or count % 16 == 0) then
  local at = 12 + 2 * tonumber(ARGV[10])
  local fresh = ARGV[at - 1] == '1'
  local live, trusted = {}, {}
  for i = at + 1, at + tonumber(ARGV[at]) do live[ARGV[i]] = true end
  for i = at + tonumber(ARGV[at]) + 1, #ARGV do trusted[ARGV[i]] = true end
  local suspected = 0
  local all = redis.call('HGETALL', slots)
  for i = 1, #all, 2 do
    local slot = read_slot(all[i + 1])
    local dead = fresh and not live[slot.node] and tonumber(slot.seen) < now - UNKNOWN_MS
    if dead or tonumber(slot.ends) < now then
      redis.call('HDEL', slots, all[i])
      redis.call('HDEL', details, all[i])
      redis.call('HDEL', KEYS[6], all[i])
    elseif not trusted[slot.node] then
      suspected = 1
    end
  end
  if cap > 0 and redis.call('HLEN', slots) >= cap then
    return {'CAP', suspected}
  end
end

if contest then
  redis.call('HSET', KEYS[4], worker, contest)
  redis.call('PEXPIRE', KEYS[4], 600000)
end
for i = 11, 10 + 2 * tonumber(ARGV[10]), 2 do
  redis.call('HSET', record, ARGV[i], ARGV[i + 1])
end
local stamp = ms(now)
redis.call('HSET', record, 'last_connect_at', stamp)
local epoch = redis.call('HINCRBY', record, 'epoch', 1)
local before, before_node = held and held.session or '', held and held.node or ''
write_slot(slots, worker, {session = session, node = node, epoch = epoch, seen = stamp, ends = ms(now + lease),
  last = '0', displaced = '|' .. before .. '|' .. before_node})
redis.call('HSET', details, worker, ARGV[7])
redis.call('HSET', KEYS[6], worker, ARGV[9])
-- The engine workers of a process stay known while it reconnects. Another process under its worker id has others.
local reported = redis.call('HGET', KEYS[7], worker)
if reported and cjson.decode(reported).process ~= process then
  redis.call('HDEL', KEYS[7], worker)
end
return {'OPEN', tostring(epoch), before, before_node, redis.call('HLEN', slots)}
