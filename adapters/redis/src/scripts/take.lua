-- Claims what nobody has settled in time, buries what was delivered too often, and reads what is new: at most as
-- many as ARGV[7] in all. Answers with the id, the number of the delivery and the fields of each.
local room, taken = tonumber(ARGV[7]), {}
for _, pending in ipairs(redis.call('XPENDING', stream, group, 'IDLE', wait, '-', '+', room)) do
  local id, deliveries = pending[1], pending[4]
  if most > 0 and deliveries >= most then
    bury(id, deliveries, 'attempts')
  else
    local claimed = redis.call('XCLAIM', stream, group, me, wait, id)[1]
    if claimed then taken[#taken + 1] = { id, deliveries + 1, claimed[2] } end
  end
end
flush()
if #taken < room then
  local count = room - #taken
  local fresh =
    redis.call('XREADGROUP', 'GROUP', group, me, 'COUNT', count, 'STREAMS', stream, '>')
  if fresh then
    for _, entry in ipairs(fresh[1][2]) do taken[#taken + 1] = { entry[1], 1, entry[2] } end
  end
end
return taken
