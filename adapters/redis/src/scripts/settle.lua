-- Settles as ARGV[7] says, with the reason ARGV[8], whether late ones are refused ARGV[9], the ids from there on. Answers
-- what became of each.
-- What is pending between the first and the last of them is asked for at once, as they mostly follow each other.
local known = {}
if #ARGV > 10 then
  local between =
    redis.call('XPENDING', stream, group, ARGV[10], ARGV[#ARGV], 2 * (#ARGV - 9))
  for _, pending in ipairs(between) do known[pending[1]] = pending end
end
local what, reason, is_fenced, told = ARGV[7], ARGV[8], ARGV[9] == '1', {}
for i = 10, #ARGV do
  local id = ARGV[i]
  local pending = known[id] or redis.call('XPENDING', stream, group, id, id, 1)[1]
  known[id] = nil
  local answer = 'done'
  if not pending or is_acked[id] then
    answer = 'gone'
  else
    local is_mine, deliveries = pending[2] == me, pending[4]
    local is_late = not is_mine or pending[3] >= tonumber(wait)
    if is_late and (what ~= 'ack' or is_fenced) then
      answer = 'stale'
    else
      if is_late then answer = 'late' end
      if what == 'ack' then
        done(id)
      elseif what == 'dead' then
        bury(id, deliveries, reason)
      elseif what == 'working' then
        redis.call('XCLAIM', stream, group, me, 0, id, 'JUSTID')
      elseif most > 0 and deliveries >= most then
        bury(id, deliveries, 'attempts')
      else
        redis.call('XCLAIM', stream, group, me, 0, id, 'IDLE', FREE, 'JUSTID')
      end
    end
  end
  told[#told + 1] = answer
end
flush()
return told
