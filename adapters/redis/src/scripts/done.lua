-- What is done is gone from a queue, if it is nobody else's. How many of these were not done before.
local function finish(stream, settings, group, ids)
  local fresh = redis.call('XACK', stream, group, unpack(ids))
  if redis.call('HGET', settings, 'keep') == 'unsettled'
    and #redis.call('XINFO', 'GROUPS', stream) == 1 then
    redis.call('XDEL', stream, unpack(ids))
  end
  return fresh
end
