-- Leaves a group: what this member had is free for the others. The attempts are counted on.
local page
repeat
  page = redis.call('XPENDING', stream, group, '-', '+', 100, me)
  for _, pending in ipairs(page) do
    redis.call('XCLAIM', stream, group, 'left', 0, pending[1], 'IDLE', FREE, 'JUSTID')
  end
until #page == 0
redis.call('XGROUP', 'DELCONSUMER', stream, group, me)
