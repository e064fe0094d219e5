-- Gives an agent's commands that wait to its connections, in the order that they were issued.
-- KEYS: slots, session details, open commands (id -> order), those that wait, those that were sent and not heard of,
--       load (session -> in flight, session|sent -> not heard of)
-- ARGV: prefix of command keys, this node, name of this call, all 0 or 1, window commands, window bytes, fresh 0 or 1, live nodes…
-- A pending command goes to the worker that it names, else to one on the host that it names, else to a task worker,
-- else to whoever has least in flight.
-- One that was dispatched and lost goes to anybody, or to the same worker only when it may not run twice (sticky);
-- one that was acknowledged only to the same worker. When this very call was made before and its reply was lost,
-- nobody wrote what it gave out: that goes to the same sessions again.
-- Nothing is given when its time is over.
-- A session gets no more while its window is full, and nothing that was issued later before what is for it. With all = 1
-- every open command is looked at for holders that are gone; else only what waits, as far as SCAN that cannot go,
-- unless a session is gone that had some.
-- Returns nine values a command for sessions of this node (session, id, verb, args, action, target, parameters,
-- time-out s, issued by), then '' and the other nodes whose sessions should have any of those that wait, then '' and the
-- other nodes that have, or should have, any of the commands.
local slots, details, open, waits, unheard, load = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local prefix, self, call, all = ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1'
local window, window_bytes = tonumber(ARGV[5]), tonumber(ARGV[6])
local SCAN, CHUNK, SIZE = 1000, 100, 1000

if redis.call('ZCARD', open) == 0 then
  if all then redis.call('DEL', load) end
  return {'', ''}
end
local function split(text)
  local parts = {}
  for part in string.gmatch(text .. '|', '([^|]*)|') do
    parts[#parts + 1] = part
  end
  return parts
end

local live = {}
for i = 8, #ARGV do
  live[ARGV[i]] = true
end
local time = redis.call('TIME')
local millis = time[1] * 1000 + math.floor(time[2] / 1000)
local now = string.format('%.0f', millis)
local sessions, by_id, by_worker = {}, {}, {}
local slot_list = redis.call('HGETALL', slots)
for i = 1, #slot_list, 2 do
  local slot = split(slot_list[i + 1])
  -- A node that is not known to live may be new: what its session was given is not lost yet, and it gets nothing more.
  local known = live[slot[2]]
  if known or ARGV[7] ~= '1' or tonumber(slot[4]) > millis - 8000 then
    local text = redis.call('HGET', details, slot_list[i])
    local said = text and cjson.decode(text) or {}
    local session = {id = slot[1], node = slot[2], worker = slot_list[i], role = said['role'], host = said['host'],
      load = 0, sent = 0, bytes = 0, elsewhere = 0}
    if known then
      sessions[#sessions + 1] = session
    end
    by_id[session.id] = session
    by_worker[session.worker] = session
  end
end
table.sort(sessions, function(a, b) return a.worker < b.worker end)
if #sessions == 0 then
  return {'', ''}
end

local nodes, owners, lost = {}, {}, {}
if not all then -- what a session that is gone had goes before all that was issued since, so that it has to be found now
  local list = redis.call('HGETALL', load)
  for i = 1, #list, 2 do
    all = all or (tonumber(list[i + 1]) > 0 and not by_id[string.match(list[i], '^[^|]*')])
  end
end
if all then
  redis.call('DEL', load)
  local list = redis.call('ZRANGE', open, 0, -1, 'WITHSCORES')
  for i = 1, #list, 2 do
    local id = list[i]
    local fields = redis.call('HMGET', prefix .. id, 'status', 'session', 'worker', 'sticky')
    local status, holder = fields[1], fields[2] and by_id[fields[2]]
    if status and status ~= 'pending' and holder then
      holder.load = holder.load + 1
      if holder.node ~= self then
        nodes[holder.node] = true
      end
    elseif status then
      redis.call('ZREM', unheard, id)
      if (status == 'acknowledged' or (status == 'dispatched' and fields[4] == '1')) and not by_worker[fields[3]] then
        redis.call('ZREM', waits, id)
      else
        redis.call('ZADD', waits, list[i + 1], id)
      end
    end
  end
else
  for _, session in ipairs(sessions) do
    session.load = tonumber(redis.call('HGET', load, session.id) or 0)
  end
end

local sent_list = redis.call('ZRANGE', unheard, 0, -1, 'WITHSCORES')
for i = 1, #sent_list, 2 do
  local fields = redis.call('HMGET', prefix .. sent_list[i], 'session', 'claim', 'size')
  local holder = fields[1] and by_id[fields[1]]
  if holder and fields[2] == call then
    lost[sent_list[i]] = true
    holder.load = holder.load - 1
    redis.call('ZREM', unheard, sent_list[i])
    redis.call('ZADD', waits, sent_list[i + 1], sent_list[i])
  elseif holder then
    holder.sent = holder.sent + 1
    holder.bytes = holder.bytes + (tonumber(fields[3]) or SIZE)
    if holder.node ~= self then
      nodes[holder.node] = true
    end
  end
end

-- How well a session is what a command names: it is that worker, it is on that host, or on the host of an engine's
-- worker (name@host).
local function named(session, names)
  if names == '' then return 0 end
  if session.worker == names then return 2 end
  return session.host and (session.host == names or session.host == string.match(names, '@(.+)$')) and 1 or 0
end

local function better(a, b, names)
  local an, bn = named(a, names), named(b, names)
  if an ~= bn then return an > bn end
  local at, bt = a.role == 'task', b.role == 'task'
  if at ~= bt then return at end
  if a.full ~= b.full then return b.full end
  return a.load < b.load
end

local function choose(bound, worker, names, size)
  local best
  repeat
    best = nil
    for _, session in ipairs(sessions) do
      if (not bound or session.worker == worker) and (not best or better(session, best, names)) then
        best = session
      end
    end
    if not best or best.full then
      return nil
    end
    -- Once something does not fit, nothing that was issued later may pass it.
    best.full = best.sent > 0 and (best.sent >= window or best.bytes + size > window_bytes)
  until not best.full
  return best
end
local out = {}

local function give(best, id, order, status)
  local key = prefix .. id
  redis.call('ZREM', waits, id)
  redis.call('ZADD', unheard, order, id)
  redis.call('HSET', key, 'session', best.id, 'worker', best.worker, 'node', best.node, 'claim', call)
  if status == 'pending' then
    redis.call('HSET', key, 'status', 'dispatched', 'dispatched_at', now)
  else
    redis.call('HINCRBY', key, 'redelivered', 1)
  end
  out[#out + 1] = best.id
  out[#out + 1] = id
  for _, value in ipairs(redis.call('HMGET', key, 'verb', 'args', 'action', 'target', 'parameters', 'timeout_seconds', 'issued_by')) do
    out[#out + 1] = value
  end
end

local function room()
  for _, session in ipairs(sessions) do
    if not session.full then return true end
  end
end

for _, session in ipairs(sessions) do
  session.full = session.sent >= window
end
local passed = 0
while passed < SCAN and room() do
  local list = redis.call('ZRANGE', waits, passed, passed + CHUNK - 1, 'WITHSCORES')
  if #list == 0 then
    break
  end
  for i = 1, #list, 2 do
    local id = list[i]
    local fields = redis.call('HMGET', prefix .. id, 'status', 'worker', 'sticky', 'names', 'size', 'timeout_at')
    local status, size = fields[1], tonumber(fields[5]) or SIZE
    local bound = status == 'acknowledged' or (status == 'dispatched' and (fields[3] == '1' or lost[id]))
    -- What the sweep has not come to yet is nobody's any more.
    local over = status and tonumber(fields[6]) <= millis
    local best = status and not over and choose(bound, fields[2], fields[4] or '', size)
    if best and best.node == self then
      give(best, id, list[i + 1], status)
    elseif status then
      passed = passed + 1
    else
      redis.call('ZREM', waits, id)
    end
    if best then
      best.load, best.sent, best.bytes = best.load + 1, best.sent + 1, best.bytes + size
      if best.node ~= self then
        nodes[best.node] = true
        owners[best.node] = true
        best.elsewhere = best.elsewhere + 1
      end
    end
  end
end

for _, session in ipairs(sessions) do
  redis.call('HSET', load, session.id, session.load - session.elsewhere,
    session.id .. '|sent', session.sent - session.elsewhere)
end
out[#out + 1] = ''
for node in pairs(owners) do
  out[#out + 1] = node
end
out[#out + 1] = ''
for node in pairs(nodes) do
  out[#out + 1] = node
end
return out
