-- May this key of this team call this, by what people configured? A part of admit.lua.

local function is_granted(groups, model)
  local fields = {}
  for group in string.gmatch(groups, '[^\n]+') do
    fields[#fields + 1] = group .. '\n' .. model
  end
  if #fields > 0 then
    for _, granted in ipairs(redis.call('HMGET', KEYS[2], unpack(fields))) do
      if granted then
        return true
      end
    end
  end
  return false
end

local function is_named(names, model)
  for _, name in ipairs(names or {}) do
    if name == model then
      return true
    end
    if string.sub(name, -1) == '*' and string.sub(model, 1, #name - 1) == string.sub(name, 1, -2) then
      return true
    end
  end
  return false
end

local function may_use(team, key_rules, model)
  local known = team.granted[model]
  if known == nil then
    known = is_granted(team.groups, model) or is_named(team.rules.models, model)
    team.granted[model] = known
  end
  if not known or key_rules.models == nil then
    return known
  end
  return is_named(key_rules.models, model) or is_granted(key_rules.groups or '', model)
end

local function is_from(ranges, address)
  for _, range in ipairs(ranges) do
    if address >= string.sub(range, 1, 32) and address <= string.sub(range, 34) then
      return true
    end
  end
  return false
end

-- A status that lifts by itself counts as active from its end on.
local function status_now(status, lifts)
  lifts = tonumber(lifts or 0)
  if lifts > 0 and now >= lifts then
    return 'active'
  end
  return status
end

local function key_refusal(key, call)
  if key[5] ~= 'active' then
    return 'key_' .. key[5]
  end
  -- The secret before a rotation works until the grace ends.
  if key[2] ~= call.hash and (key[3] ~= call.hash or now >= tonumber(key[4])) then
    return 'key_revoked'
  end
  local expires = tonumber(key[6])
  if expires > 0 and expires <= now then
    return 'key_expired'
  end
  return nil
end

local function refusal_of(key, organization, team, call)
  local refusal = key_refusal(key, call)
  if refusal then
    return refusal
  end
  local rules = call.key_rules
  if rules.addresses and not is_from(rules.addresses, call.address) then
    return 'address_not_allowed'
  end
  local status = status_now(organization[2], organization[3])
  if status ~= 'active' then
    return 'organization_' .. status
  end
  status = status_now(team.status, team.status_until)
  if status ~= 'active' then
    return 'team_' .. status
  end
  if call.end_user_status == 'blocked' then
    return 'end_user_blocked'
  end
  if call.endpoint ~= '' and rules.endpoints and not is_named(rules.endpoints, call.endpoint) then
    return 'endpoint_not_allowed'
  end
  if call.model ~= '' and not may_use(team, rules, call.model) then
    return 'model_not_allowed'
  end
  if call.unbounded and (team.basis ~= 'call' or call.must_be_bounded) then
    return 'cost_unbounded'
  end
  if call.job ~= '' then
    local packed = redis.call('HGET', KEYS[3], call.job)
    -- A call under way is no job: only a job's event names no model.
    if not packed or string.match(packed, '^%d+|([^|]+)|') ~= call.team_id
      or not string.find(packed, '"m":""', 1, true) then
      return 'job_not_open'
    end
  end
  return nil
end
