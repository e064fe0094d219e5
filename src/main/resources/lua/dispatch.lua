-- Gives an agent's commands that wait to its connections, in the order that they were issued; or, while it has none, to
-- its long-poll sessions, when they ask.
-- KEYS: slots, session details, open commands (id -> order), those that wait, those that were sent and not heard of,
--       load (session -> in flight, session|sent -> not heard of), long-poll sessions
-- ARGV: prefix of command keys, this node, name of this call, all 0 or 1, window commands, window bytes, prefix of
--       long-poll sessions' keys, the session that asks (empty for none), its poll, most frames for it, fresh 0 or 1, live nodes…
-- A pending command goes to the worker that it names, else to one on the host that it names, else to a task worker,
-- else to whoever has least in flight.
-- One that was dispatched and lost goes to anybody, or to the same worker only when it may not run twice (sticky);
-- one that was acknowledged only to the same worker. When this very call was made before and its reply was lost,
-- nobody wrote what it gave out: that goes to the same sessions again.
-- Nothing is given when its time is over.
-- A session gets no more while its window is full, and nothing that was issued later before what is for it. With all = 1
-- every open command is looked at for holders that are gone; else only what waits, as far as SCAN that cannot go,
-- unless a session is gone that had some. What a long-poll session was handed and has not acknowledged within DUE_MS is
-- handed out again.
-- Returns nine values a command for sessions of this node (session, id, verb, args, action, target, parameters,
-- time-out s, issued by), then '' and the other nodes whose sessions should have any of those that wait, then '' and the
-- other nodes that have, or should have, any of the commands, then '' and the polls to wake (session, poll), then '' and
-- for the session that asks: 'OK', 'PAST' (another poll took over) or 'OVER' (it ended), its seq for the first of its
-- frames, its encoding, ms until something is handed out again or -1, and its acks.
local slots, details, open, waits, unheard, load = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local prefix, self, call, all = ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1'
local window, window_bytes = tonumber(ARGV[5]), tonumber(ARGV[6])
local poll_prefix, asking, asking_poll, most = ARGV[7], ARGV[8], ARGV[9], tonumber(ARGV[10])
local SCAN, CHUNK, SIZE, DUE_MS = 1000, 100, 1000, 10000

local out, nodes, owners, polls, me, again = {}, {}, {}, {}, nil, -1
local taken, state, connected = 0, asking ~= '' and 'OVER' or '', false

-- Acks that this very call took, when it was made before and its reply was lost, are in the hash still.
local function acks(key, room)
  local taken_by, before = unpack(redis.call('HMGET', key, 'call', 'gave'))
  if taken_by == call and before then
    return cjson.decode(before)
  end
  local some = room > 0 and redis.call('ZRANGE', key .. ':acks', 0, room - 1) or {}
  if #some > 0 then
    redis.call('ZREMRANGEBYRANK', key .. ':acks', 0, #some - 1)
    redis.call('HSET', key, 'call', call, 'gave', cjson.encode(some))
  end
  return some
end

local function finish()
  for _, list in ipairs({owners, nodes}) do
    out[#out + 1] = ''
    for node in pairs(list) do
      out[#out + 1] = node
    end
  end
  out[#out + 1] = ''
  -- Not by a poll, or polls would wake each other without end for what none of them may have.
  if asking == '' and not connected and redis.call('ZCARD', waits) > 0 then
    for _, session in ipairs(polls) do
      local poll = redis.call('HGET', poll_prefix .. session.id, 'poll')
      if poll then
        out[#out + 1] = session.id
        out[#out + 1] = poll
      end
    end
  end
  out[#out + 1] = ''
  out[#out + 1] = state
  if state == 'OK' then
    local key = poll_prefix .. asking
    local mine = acks(key, most - taken)
    local count = taken + #mine
    out[#out + 1] = string.format('%.0f', count == 0 and 0 or redis.call('HINCRBY', key, 'out', count) - count + 1)
    out[#out + 1] = redis.call('HGET', key, 'encoding') or ''
    out[#out + 1] = string.format('%.0f', again)
    for _, ack in ipairs(mine) do
      out[#out + 1] = ack
    end
  end
  return out
end

local function split(text)
  local parts = {}
  for part in string.gmatch(text .. '|', '([^|]*)|') do
    parts[#parts + 1] = part
  end
  return parts
end

local live = {}
for i = 12, #ARGV do
  live[ARGV[i]] = true
end
local time = redis.call('TIME')
local millis = time[1] * 1000 + math.floor(time[2] / 1000)
local now = string.format('%.0f', millis)
local sessions, by_id, by_worker = {}, {}, {}

local poll_list = redis.call('HGETALL', KEYS[7])
for i = 1, #poll_list, 2 do
  local poll = split(poll_list[i + 1])
  if tonumber(poll[5]) > millis or poll[1] == asking then
    local session = {id = poll[1], node = poll[2], worker = 'poll|' .. poll_list[i], poll = true,
      load = 0, sent = 0, bytes = 0, elsewhere = 0}
    polls[#polls + 1] = session
    by_id[session.id] = session
    by_worker[session.worker] = session
    if poll[1] == asking then
      local current = redis.call('HGET', poll_prefix .. asking, 'poll') == asking_poll
      state = current and 'OK' or 'PAST'
      session.node = self
      me = current and session or nil
    end
  end
end
if (state ~= '' and state ~= 'OK') or redis.call('ZCARD', open) == 0 then
  if all and redis.call('ZCARD', open) == 0 then redis.call('DEL', load) end
  return finish()
end
local slot_list = redis.call('HGETALL', slots)
for i = 1, #slot_list, 2 do
  local slot = split(slot_list[i + 1])
  -- A node that is not known to live may be new: what its session was given is not lost yet, and it gets nothing more.
  local known = live[slot[2]]
  if known or ARGV[11] ~= '1' or tonumber(slot[4]) > millis - 8000 then
    local text = redis.call('HGET', details, slot_list[i])
    local said = text and cjson.decode(text) or {}
    local session = {id = slot[1], node = slot[2], worker = slot_list[i], role = said['role'], host = said['host'],
      load = 0, sent = 0, bytes = 0, elsewhere = 0}
    if known then
      sessions[#sessions + 1] = session
      connected = true
    end
    by_id[session.id] = session
    by_worker[session.worker] = session
  end
end
sessions[#sessions + 1] = me
table.sort(sessions, function(a, b) return a.worker < b.worker end)
if #sessions == 0 and #polls == 0 then
  return finish()
end

-- What a poll has, and may never come back for, is looked after by the connections; where there are none, by its next poll.
local function elsewhere(holder)
  if holder.poll then
    return connected and holder ~= me
  end
  return holder.node ~= self
end

local everyone = {unpack(sessions)}
for _, session in ipairs(polls) do
  if session ~= me then
    everyone[#everyone + 1] = session
  end
end
local lost = {}
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
      if elsewhere(holder) then
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
  for _, session in ipairs(everyone) do
    session.load = tonumber(redis.call('HGET', load, session.id) or 0)
  end
end

local sent_list = redis.call('ZRANGE', unheard, 0, -1, 'WITHSCORES')
for i = 1, #sent_list, 2 do
  local fields = redis.call('HMGET', prefix .. sent_list[i], 'session', 'claim', 'size', 'handed_at', 'sticky')
  local holder = fields[1] and by_id[fields[1]]
  local rest = holder and holder.poll and tonumber(fields[4] or 0) + DUE_MS - millis
  if holder and fields[2] == call then
    lost[sent_list[i]] = true
    holder.load = holder.load - 1
    redis.call('ZREM', unheard, sent_list[i])
    redis.call('ZADD', waits, sent_list[i + 1], sent_list[i])
  elseif rest and rest <= 0 then
    holder.load = holder.load - 1
    redis.call('ZREM', unheard, sent_list[i])
    redis.call('ZADD', waits, sent_list[i + 1], sent_list[i])
  elseif holder then
    if rest and (holder == me or fields[5] ~= '1') then
      again = again < 0 and rest or math.min(again, rest)
    end
    holder.sent = holder.sent + 1
    holder.bytes = holder.bytes + (tonumber(fields[3]) or SIZE)
    if elsewhere(holder) then
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
  if a.poll ~= b.poll then return b.poll end
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
    best.full = (best.sent > 0 and (best.sent >= window or best.bytes + size > window_bytes))
      or (best == me and taken >= most)
  until not best.full
  return best
end

local function give(best, id, order, status)
  local key = prefix .. id
  redis.call('ZREM', waits, id)
  redis.call('ZADD', unheard, order, id)
  redis.call('HSET', key, 'session', best.id, 'worker', best.worker, 'node', best.node, 'claim', call, 'handed_at', now)
  if best == me then
    taken = taken + 1
    again = again < 0 and DUE_MS or again
  end
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
  session.full = session.sent >= window or (session == me and most == 0)
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

for _, session in ipairs(everyone) do
  redis.call('HSET', load, session.id, session.load - session.elsewhere,
    session.id .. '|sent', session.sent - session.elsewhere)
end
return finish()
