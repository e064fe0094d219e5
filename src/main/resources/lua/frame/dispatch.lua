-- Assigns an agent's waiting commands to its sessions, in the order of issue. An agent without connections receives its
-- commands through its long-poll sessions, when they ask. slot.lua precedes this script.
-- KEYS: slots, session details, open commands (id -> order), waiting commands, unanswered commands
--       (sent, without an ack or a result), load (session -> commands in flight, session|sent -> unanswered commands),
--       long-poll sessions, features of the sessions (as their hellos state them), engine workers that sessions reported,
--       features of sessions that ended
-- ARGV: prefix of command keys, this node, name of this call, 1 to look at all open commands or else 0,
--       window in commands, window in bytes, prefix of long-poll session keys, session that asks (empty for none),
--       its poll, most frames for it, live nodes are fresh 0 or 1, live nodes…
-- Returns nine values per command for a session of this node (session, id, verb, args, action, target, parameters,
--   time-out s, issued by), then an empty value and
--   the other nodes whose sessions should receive waiting commands, then an empty value and
--   the other nodes that hold, or should receive, any of the commands, then an empty value and
--   the polls to wake (session, poll), then an empty value and
--   for the session that asks: 'OK', 'PAST' (another poll replaced its poll) or 'OVER' (the session has ended), seq of
--   the first of its frames, its encoding, ms until commands are due for redelivery or -1, and its acks.
--
-- Which session may receive a command:
--   A command for an engine goes only to a session whose own hello names the engine. A session whose hello names no engine
--   receives it only while no other session names the engine, and none named it in the last GONE_MS. A long-poll session,
--   which sends no hello, receives it while no connection names the engine.
--   A command that is bound to its worker goes only to that worker: to the session with this worker id, else to the only
--   session that reported an engine worker of this name, else to the only session of the engine if it has neither a worker
--   id nor reported workers. For an unknown engine, the only session on the host of this name may receive it as well. While
--   there is no such session, the command waits.
--   Of these sessions, a pending command goes to the worker that it names, else to a worker on the host that it names, else
--   to a session whose hello names the action for the engine, else to a task worker, else to the session with the fewest
--   commands in flight.
--   A dispatched command whose session is gone goes to any session that may receive it. If it must not run twice (sticky), it goes to the
--   same worker only.
--   An acknowledged command whose session is gone goes to the same worker only.
--   "Same worker" means the same worker id. A process that took over the id is not the engine worker that a command names.
--   If this very call was made before and its reply was lost, no session received what the call assigned. Those commands
--   go to the same sessions again.
--   A command whose deadline has passed goes to no session.
-- A session receives nothing while its window is full, and no later command overtakes an earlier one for the same
-- session. A long-poll session receives a command again if it has not acknowledged the command within DUE_MS.
local slots, details, open, waiting, unanswered, load = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local features, reported, ended = KEYS[8], KEYS[9], KEYS[10]
local command_prefix, self, call, all = ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1'
local window, window_bytes = tonumber(ARGV[5]), tonumber(ARGV[6])
local poll_prefix, asking, asking_poll, most = ARGV[7], ARGV[8], ARGV[9], tonumber(ARGV[10])
local live_is_fresh = ARGV[11] == '1'
local FIRST_LIVE = 12

-- Most commands that one call passes over, commands per read, and the size of a command without a stored size.
local MOST_PASSED, CHUNK, DEFAULT_SIZE = 1000, 100, 1000
local DUE_MS = 10000
-- A node appears in every list of live nodes within this time of its first slot.
local UNKNOWN_MS = 8000
-- Within this time, the sessions of a worker process that restarts count as gone for a moment.
local GONE_MS = 600000
-- Engines whose processes pass a command for a worker on to it.
local BROADCASTING = {celery = true}

local now = now_ms()
local stamp = ms(now)

-- Candidates are the sessions that may receive commands. by_id and by_worker also contain sessions that keep their
-- commands but receive no more.
local candidates, polls, by_id, by_worker = {}, {}, {}, {}
local connected = false -- whether a live connection exists
local asker = nil -- the session that asks, if its poll is the current one
local asker_state = asking ~= '' and 'OVER' or ''
local taken_by_asker, due_ms = 0, -1
local deliveries, holding_nodes, receiving_nodes = {}, {}, {}
local all_slots = {} -- all slots by worker, also those of dead nodes
local sessions = {} -- all sessions that by_id contains

local function add_session(session)
  session.load, session.sent, session.bytes, session.elsewhere = 0, 0, 0, 0
  by_id[session.id] = session
  by_worker[session.worker] = session
  sessions[#sessions + 1] = session
  return session
end

local function read_polls()
  local list = redis.call('HGETALL', KEYS[7])
  for i = 1, #list, 2 do
    local slot = read_slot(list[i + 1])
    if tonumber(slot.ends) > now or slot.session == asking then
      local session = add_session({id = slot.session, node = slot.node, worker = 'poll|' .. list[i], poll = true})
      polls[#polls + 1] = session
      if session.id == asking then
        local current = redis.call('HGET', poll_prefix .. asking, 'poll') == asking_poll
        asker_state = current and 'OK' or 'PAST'
        session.node = self
        asker = current and session or nil
      end
    end
  end
end

-- A node that is not known to be live may be new. Its sessions keep their commands, but receive no more.
local function read_connections()
  local live = {}
  for i = FIRST_LIVE, #ARGV do
    live[ARGV[i]] = true
  end
  local list = redis.call('HGETALL', slots)
  for i = 1, #list, 2 do
    local worker, slot = list[i], read_slot(list[i + 1])
    all_slots[worker] = slot
    local known = live[slot.node]
    if known or not live_is_fresh or tonumber(slot.seen) > now - UNKNOWN_MS then
      local text = redis.call('HGET', details, worker)
      local detail = text and cjson.decode(text) or {}
      local session = add_session({id = slot.session, node = slot.node, worker = worker, role = detail['role'],
        host = detail['host']})
      if known then
        candidates[#candidates + 1] = session
        connected = true
      end
    end
  end
end

-- All sessions whose load this call writes.
local function counted_sessions()
  local counted = {unpack(candidates)}
  for _, session in ipairs(polls) do
    if session ~= asker then
      counted[#counted + 1] = session
    end
  end
  return counted
end

-- Whether another node watches the commands of a session. A long-poll session may never poll again, so the nodes of the
-- agent's connections watch its commands. Without connections, the next poll of any session does.
local function is_watched_elsewhere(holder)
  if holder.poll then
    return connected and holder ~= asker
  end
  return holder.node ~= self
end

local function note_holder(holder)
  if is_watched_elsewhere(holder) then
    holding_nodes[holder.node] = true
  end
end

-- Whether a session with commands is gone. Its commands precede all commands issued since, so this call must find them.
local function has_lost_session()
  local list = redis.call('HGETALL', load)
  for i = 1, #list, 2 do
    if tonumber(list[i + 1]) > 0 and not by_id[string.match(list[i], '^[^|]*')] then
      return true
    end
  end
  return false
end

-- Counts the load of every session anew. Commands of sessions that are gone wait again, unless they are bound to a worker
-- that is not connected.
local function recount_open()
  redis.call('DEL', load)
  local list = redis.call('ZRANGE', open, 0, -1, 'WITHSCORES')
  for i = 1, #list, 2 do
    local id, order = list[i], list[i + 1]
    local fields = redis.call('HMGET', command_prefix .. id, 'status', 'session', 'worker', 'sticky')
    local status, holder = fields[1], fields[2] and by_id[fields[2]]
    if status and status ~= 'pending' and holder then
      holder.load = holder.load + 1
      note_holder(holder)
    elseif status then
      redis.call('ZREM', unanswered, id)
      local bound = status == 'acknowledged' or (status == 'dispatched' and fields[4] == '1')
      if bound and not by_worker[fields[3]] then
        redis.call('ZREM', waiting, id)
      else
        redis.call('ZADD', waiting, order, id)
      end
    end
  end
end

local function read_loads(counted)
  for _, session in ipairs(counted) do
    session.load = tonumber(redis.call('HGET', load, session.id) or 0)
  end
end

local function wait_again(holder, id, order)
  holder.load = holder.load - 1
  redis.call('ZREM', unanswered, id)
  redis.call('ZADD', waiting, order, id)
end

-- Counts the unanswered commands of every session. Commands wait again if the reply of this call was lost, or if they are
-- due for redelivery to a poll. Returns the commands of a lost reply.
local function count_unanswered()
  local lost = {}
  local list = redis.call('ZRANGE', unanswered, 0, -1, 'WITHSCORES')
  for i = 1, #list, 2 do
    local id, order = list[i], list[i + 1]
    local fields = redis.call('HMGET', command_prefix .. id, 'session', 'claim', 'size', 'handed_at', 'sticky')
    local holder = fields[1] and by_id[fields[1]]
    local rest = holder and holder.poll and tonumber(fields[4] or 0) + DUE_MS - now
    if holder and fields[2] == call then
      lost[id] = true
      wait_again(holder, id, order)
    elseif rest and rest <= 0 then
      wait_again(holder, id, order)
    elseif holder then
      if rest and (holder == asker or fields[5] ~= '1') then
        due_ms = due_ms < 0 and rest or math.min(due_ms, rest)
      end
      holder.sent = holder.sent + 1
      holder.bytes = holder.bytes + (tonumber(fields[3]) or DEFAULT_SIZE)
      note_holder(holder)
    end
  end
  return lost
end

-- The features of all connections by worker. Sessions of one kind of process have equal texts, so each text is decoded once.
local features_by_worker
local function features_of(worker)
  if not features_by_worker then
    features_by_worker = {}
    local list, decoded = redis.call('HGETALL', features), {}
    for i = 1, #list, 2 do
      local text = list[i + 1]
      decoded[text] = decoded[text] or cjson.decode(text)
      features_by_worker[list[i]] = decoded[text]
    end
  end
  return features_by_worker[worker]
end

local function contains(list, value)
  for _, one in ipairs(list or {}) do
    if one == value then return true end
  end
  return false
end

-- Whether a connection that named the engine ended in the last GONE_MS.
local function ended_lately(engine)
  local at = string.match(redis.call('HGET', ended, 'e|' .. engine) or '', '^(%d+)')
  return at ~= nil and tonumber(at) > now - GONE_MS
end

-- Whether a connection names the engine: 'now' if a live one does, 'before' if another one did in the last GONE_MS, else
-- 'no'.
local stated = {}
local function stated_by_connection(engine)
  if stated[engine] then return stated[engine] end
  local answer = 'no'
  for worker, slot in pairs(all_slots) do
    local known = features_of(worker)
    if known and contains(known.engines, engine) then
      if by_id[slot.session] then
        answer = 'now'
      elseif answer == 'no' and tonumber(slot.ends) > now - GONE_MS then
        answer = 'before'
      end
    end
  end
  if answer == 'no' then
    answer = ended_lately(engine) and 'before' or 'no'
  end
  stated[engine] = answer
  return answer
end

-- How well the features of a session fit a command: false if the session must not receive it, 0 if the features are
-- unknown, 1 if its actions for the engine lack the command, 2 if they are unknown, 3 if they contain it.
local function compare_features(session, command)
  local engine = command.engine
  local known = not session.poll and features_of(session.worker)
  if not known or #known.engines == 0 then
    local by_others = stated_by_connection(engine)
    local free = by_others == 'no' or (session.poll and by_others == 'before')
    return free and 0
  elseif not contains(known.engines, engine) then
    return false
  end
  local actions = known.actions and known.actions[engine]
  if not actions then return 2 end
  return (contains(actions, command.verb) or contains(actions, command.action)) and 3 or 1
end

-- The same, remembered for commands of one kind.
local function fit_of(session, command)
  if command.engine == '' then return 0 end
  session.fits = session.fits or {}
  local fit = session.fits[command.kind]
  if fit == nil then
    fit = compare_features(session, command)
    session.fits[command.kind] = fit
  end
  return fit
end

-- The engine workers that a session reported, as a list of engine, name, engine, name…
local function reported_by(session)
  if not session.reported then
    local text
    if session.poll then
      text = redis.call('HGET', poll_prefix .. session.id, 'workers')
    else
      text = redis.call('HGET', reported, session.worker)
    end
    session.reported = text and cjson.decode(text).names or {}
  end
  return session.reported
end

local function reports(session, command)
  local names = reported_by(session)
  for i = 1, #names, 2 do
    if names[i + 1] == command.name and (command.engine == '' or names[i] == command.engine) then
      return true
    end
  end
  return false
end

-- How well a session matches the name in a command: 2 if it is that worker, 1 if it runs on that host, or on the host of
-- that engine worker (name@host), else 0.
local function match_of(session, name)
  if name == '' then return 0 end
  if session.worker == name then return 2 end
  return session.host and (session.host == name or session.host == string.match(name, '@(.+)$')) and 1 or 0
end

-- Whether all engines of a session broadcast control, so that it can act on any worker.
local function broadcasts(session)
  local known = not session.poll and features_of(session.worker)
  for _, engine in ipairs(known and known.engines or {}) do
    if not BROADCASTING[engine] then return false end
  end
  return known and #known.engines > 0
end

-- The only one of the sessions that may receive a command and passes a test; nil if none does, or several do.
local function only_one(command, test)
  local found
  for _, session in ipairs(sessions) do
    if test(session) and fit_of(session, command) then
      if found then return nil end
      found = session
    end
  end
  return found
end

-- The session of the worker that a command is bound to; nil if none, or more than one, could be meant.
local workers_by_name = {}
local function worker_of(command)
  local key = command.engine .. '|' .. command.name
  if workers_by_name[key] == nil then
    local exact = by_worker[command.name]
    local found = exact and not exact.poll and fit_of(exact, command) and exact
      or only_one(command, function(session) return reports(session, command) end)
    if not found and command.engine == '' then
      found = only_one(command, function(session) return match_of(session, command.name) > 0 end)
    end
    if not found then
      local only = only_one(command, function() return true end)
      found = only and (only.poll or only.worker == '') and #reported_by(only) == 0 and only
    end
    workers_by_name[key] = found or false
  end
  return workers_by_name[key] or nil
end

local function is_better(a, b, name)
  if a.poll ~= b.poll then return b.poll end
  local a_match, b_match = match_of(a, name), match_of(b, name)
  if a_match ~= b_match then return a_match > b_match end
  if a.fit ~= b.fit then return a.fit > b.fit end
  local a_task, b_task = a.role == 'task', b.role == 'task'
  if a_task ~= b_task then return a_task end
  if a.full ~= b.full then return b.full end
  return a.load < b.load
end

-- Whether a session may receive a command, now or when it has room. Sets how well it fits.
local function may_receive(session, command)
  session.fit = fit_of(session, command)
  if not session.fit or (command.bound and session.worker ~= command.worker) then
    return false
  elseif command.one_worker then
    return (command.engine == '' and broadcasts(session)) or session == worker_of(command)
  end
  return true
end

local function best_for(command)
  local best
  for _, session in ipairs(candidates) do
    local allowed = may_receive(session, command)
    if allowed and (not best or is_better(session, best, command.name)) then
      best = session
    end
  end
  return best
end

local function is_full_for(session, size)
  local window_is_full = session.sent > 0 and (session.sent >= window or session.bytes + size > window_bytes)
  return window_is_full or (session == asker and taken_by_asker >= most)
end

-- Returns the session that should receive a command; nil if the command has to wait. A session without room for the
-- command counts as full from now on, so that no later command overtakes this one.
local function choose(command)
  while true do
    local best = best_for(command)
    if not best or best.full then
      return nil
    end
    best.full = is_full_for(best, command.size)
    if not best.full then
      return best
    end
  end
end

-- Reads a waiting command; nil if it does not exist.
local function read_command(id, order, lost)
  local fields = redis.call('HMGET', command_prefix .. id, 'status', 'worker', 'sticky', 'names', 'size', 'timeout_at',
    'engine', 'one_worker', 'verb', 'action')
  local status = fields[1]
  return status and {
    id = id, order = order, status = status, worker = fields[2], name = fields[4] or '',
    size = tonumber(fields[5]) or DEFAULT_SIZE,
    bound = status == 'acknowledged' or (status == 'dispatched' and (fields[3] == '1' or lost[id])),
    expired = tonumber(fields[6]) <= now, -- the sweep of deadlines may not have reached it yet
    engine = fields[7] or '', -- commands of earlier brains have none
    one_worker = fields[8] == '1',
    verb = fields[9], action = fields[10],
    kind = (fields[7] or '') .. '|' .. (fields[10] or ''),
  }
end

local function give(session, command)
  local key = command_prefix .. command.id
  redis.call('ZREM', waiting, command.id)
  redis.call('ZADD', unanswered, command.order, command.id)
  redis.call('HSET', key, 'session', session.id, 'worker', session.worker, 'node', session.node, 'claim', call,
    'handed_at', stamp)
  if session == asker then
    taken_by_asker = taken_by_asker + 1
    due_ms = due_ms < 0 and DUE_MS or due_ms
  end
  if command.status == 'pending' then
    redis.call('HSET', key, 'status', 'dispatched', 'dispatched_at', stamp)
  else
    redis.call('HINCRBY', key, 'redelivered', 1)
  end
  deliveries[#deliveries + 1] = session.id
  deliveries[#deliveries + 1] = command.id
  for _, value in ipairs(redis.call('HMGET', key, 'verb', 'args', 'action', 'target', 'parameters', 'timeout_seconds',
    'issued_by')) do
    deliveries[#deliveries + 1] = value
  end
end

-- Takes a command from the waiting ones if no session may receive it, so that many of them do not delay others. It waits
-- again when the sessions or their workers change, because that counts all open commands anew.
local function is_set_aside(command)
  for _, session in ipairs(sessions) do
    if may_receive(session, command) then return false end
  end
  redis.call('ZREM', waiting, command.id)
  return true
end

-- Assigns a command. Only the node of a session may give it the command, so the script notes another node in
-- receiving_nodes. Returns whether the command still waits.
local function assign(command)
  local session = not command.expired and choose(command)
  if not session then
    return command.expired or not is_set_aside(command)
  end
  local here = session.node == self
  if here then
    give(session, command)
  else
    holding_nodes[session.node] = true
    receiving_nodes[session.node] = true
    session.elsewhere = session.elsewhere + 1
  end
  session.load, session.sent, session.bytes = session.load + 1, session.sent + 1, session.bytes + command.size
  return not here
end

local function has_room()
  for _, session in ipairs(candidates) do
    if not session.full then return true end
  end
  return false
end

local function assign_waiting(lost)
  for _, session in ipairs(candidates) do
    session.full = session.sent >= window or (session == asker and most == 0)
  end
  local passed = 0 -- commands that still wait, from the first
  while passed < MOST_PASSED and has_room() do
    local list = redis.call('ZRANGE', waiting, passed, passed + CHUNK - 1, 'WITHSCORES')
    if #list == 0 then
      break
    end
    for i = 1, #list, 2 do
      local command = read_command(list[i], list[i + 1], lost)
      if not command then
        redis.call('ZREM', waiting, list[i])
      elseif assign(command) then
        passed = passed + 1
      end
    end
  end
end

local function write_loads(counted)
  for _, session in ipairs(counted) do
    redis.call('HSET', load, session.id, session.load - session.elsewhere,
      session.id .. '|sent', session.sent - session.elsewhere)
  end
end

local function dispatch()
  read_polls()
  local none_open = redis.call('ZCARD', open) == 0
  if none_open and all then
    redis.call('DEL', load)
  end
  if none_open or asker_state == 'PAST' or asker_state == 'OVER' then
    return
  end
  read_connections()
  candidates[#candidates + 1] = asker
  table.sort(candidates, function(a, b) return a.worker < b.worker end)
  if #candidates == 0 and #polls == 0 then
    return
  end
  local counted = counted_sessions()
  if all or has_lost_session() then
    recount_open()
  else
    read_loads(counted)
  end
  assign_waiting(count_unanswered())
  write_loads(counted)
end

-- Takes acks for the session that asks. If this very call was made before and its reply was lost, returns the same acks.
local function take_acks(key, room)
  local taken_by, before = unpack(redis.call('HMGET', key, 'call', 'gave'))
  if taken_by == call and before then
    return cjson.decode(before)
  end
  local acks = room > 0 and redis.call('ZRANGE', key .. ':acks', 0, room - 1) or {}
  if #acks > 0 then
    redis.call('ZREMRANGEBYRANK', key .. ':acks', 0, #acks - 1)
    redis.call('HSET', key, 'call', call, 'gave', cjson.encode(acks))
  end
  return acks
end

local function reply()
  local out = deliveries
  local function add(value) out[#out + 1] = value end
  local function add_nodes(nodes)
    add('')
    for node in pairs(nodes) do
      add(node)
    end
  end
  add_nodes(receiving_nodes)
  add_nodes(holding_nodes)
  add('')
  -- A poll wakes no other polls. Otherwise polls would wake each other without end for commands that none may receive.
  if asking == '' and not connected and redis.call('ZCARD', waiting) > 0 then
    for _, session in ipairs(polls) do
      local poll = redis.call('HGET', poll_prefix .. session.id, 'poll')
      if poll then
        add(session.id)
        add(poll)
      end
    end
  end
  add('')
  add(asker_state)
  if asker_state == 'OK' then
    local key = poll_prefix .. asking
    local acks = take_acks(key, most - taken_by_asker)
    local count = taken_by_asker + #acks
    add(ms(count == 0 and 0 or redis.call('HINCRBY', key, 'out', count) - count + 1))
    add(redis.call('HGET', key, 'encoding') or '')
    add(ms(due_ms))
    for _, ack in ipairs(acks) do
      add(ack)
    end
  end
  return out
end

dispatch()
return reply()
