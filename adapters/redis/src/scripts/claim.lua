-- Claims what nobody has settled in time, and buries what was delivered too often: at most as many as ARGV[7] in all.
-- Answers with the id, the number of the delivery and the fields of each.
local taken = {}
for _, pending in ipairs(redis.call('XPENDING', stream, group, 'IDLE', wait, '-', '+', ARGV[7])) do
  local id, deliveries = pending[1], pending[4]
  if most > 0 and deliveries >= most then
    bury(id, deliveries, 'attempts')
  else
    local claimed = redis.call('XCLAIM', stream, group, me, wait, id)[1]
    if claimed then taken[#taken + 1] = { id, deliveries + 1, claimed[2] } end
  end
end
flush()
return taken
