-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- What Slurm lets a site say about a job of a protected partition while it is
-- submitted or changed: that it may be requeued, that its cancellation is
-- recorded. A module for job_submit.lua, of Lua 5.1 and later; job_submit.lua
-- beside it is a whole one, and shows how a site's own calls it.
--
-- No error in here refuses a job: it is logged, and the job goes its way.
local watcher = {
	-- What is protected, by the keys and words of [protect] in watcher.conf.
	-- Names and globs, in a list or in one string with commas between them.
	partitions = {},
	qos = {},
	accounts = {},
	reservations = {},

	-- Makes batch jobs ones that may be requeued, whatever they ask for: only
	-- those come back under their number. Slurm then requeues them after a
	-- failed node or a preemption, too, which a program that must not begin
	-- twice has to know. false: leaves that to the user.
	requeue = true,

	-- What to do about a user's wish: "allow" it and say nothing, "warn" of
	-- what comes of it, or "refuse" it.
	no_requeue = "warn", -- sbatch --no-requeue, scontrol update Requeue=0
	interactive = "warn", -- srun, salloc: no script that could be run again
	move = "warn", -- out of what is protected, by scontrol update
	shorten = "warn", -- the time limit, by scontrol update

	-- Says at each submission that cancellations are recorded.
	notice = true,

	-- Whom to ask, at the end of what users are told: "ops@example.org".
	contact = "",
}

-- What a field of watcher holds, and what it is called in a request and in a
-- job's record.
local places = {
	{ key = "partitions", field = "partition" },
	{ key = "qos", field = "qos", default = "default_qos" },
	{ key = "accounts", field = "account", default = "default_account" },
	{ key = "reservations", field = "reservation", record = "resv_name" },
}

-- Slurm's column is as long. A user must not make slurmctld match for hours.
local longest_name = 255

local classes = {
	alnum = "%w", alpha = "%a", cntrl = "%c", digit = "%d", lower = "%l",
	punct = "%p", space = "%s", upper = "%u", xdigit = "%x",
}

-- A glob's [set] that begins at `from`, as one of Lua's, and where it ends; nil
-- if it does not.
local function set_of(glob, from)
	local set = "["
	local i = from + 1

	if glob:find("^[!^]", i) then
		set = set .. "^"
		i = i + 1
	end
	local first = i
	while i <= #glob do
		local c = glob:sub(i, i)
		local class = glob:match("^%[:(%a+):%]", i)
		local low, high = glob:match("^([^%]%-])%-([^%]])", i)

		if c == "]" and i > first then
			-- A range that runs backwards holds nothing.
			if set == "[" or set == "[^" then
				set = set == "[" and "[^%s%S" or "[%s%S"
			end
			return set .. "]", i + 1
		elseif classes[class] then
			set = set .. classes[class]
			i = i + #class + 4
		elseif low then
			-- Lua has no escapes in a range.
			for byte = low:byte(), high:byte() do
				set = set .. string.char(byte):gsub("%W", "%%%0")
			end
			i = i + 3
		else
			set = set .. c:gsub("%W", "%%%0")
			i = i + 1
		end
	end
	return nil
end

-- A shell's glob as a pattern of Lua's.
local function pattern_of(glob)
	local pattern = "^"
	local i = 1

	while i <= #glob do
		local c = glob:sub(i, i)
		local set, after

		if c == "[" then
			set, after = set_of(glob, i)
		end
		if set then
			pattern = pattern .. set
			i = after
		else
			if c == "\\" and i < #glob then
				i = i + 1
				pattern = pattern .. glob:sub(i, i):gsub("%W", "%%%0")
			elseif c == "*" then
				pattern = pattern .. ".-"
			elseif c == "?" then
				pattern = pattern .. "."
			else
				pattern = pattern .. c:gsub("%W", "%%%0")
			end
			i = i + 1
		end
	end
	return pattern .. "$"
end

-- Whether the name matches one of the globs.
function watcher.matches(globs, name)
	if type(globs) == "string" then
		local list = {}

		for glob in globs:gmatch("[^,%s]+") do
			list[#list + 1] = glob
		end
		globs = list
	end
	if type(name) ~= "string" or #name > longest_name then
		return false
	end
	for _, glob in ipairs(globs) do
		if name:find(pattern_of(glob)) then
			return true
		end
	end
	return false
end

-- The first name of a list with commas that is protected; nil if none is.
local function protected_name(globs, names)
	for name in tostring(names or ""):gmatch("[^,]+") do
		if watcher.matches(globs, name) then
			return name
		end
	end
	return nil
end

-- The partition of jobs that name none.
local function default_partition(part_list)
	for name, part in pairs(part_list) do
		if part.flag_default == 1 then
			return name
		end
	end
	return nil
end

-- What of a request's or a record's place is protected, in words for its
-- user; nil if nothing is. `get` gives the place's names.
local function protected(get)
	for _, place in ipairs(places) do
		local name = protected_name(watcher[place.key], get(place))

		if name then
			-- It may be whatever the user typed.
			return place.field .. " " .. name:gsub("[^%w_.+-]", "?")
		end
	end
	return nil
end

-- The place of a job that is submitted.
local function of_request(job_desc, part_list)
	return function(place)
		local names = job_desc[place.field]

		if names ~= nil and names ~= "" then
			return names
		elseif place.field == "partition" then
			return default_partition(part_list)
		end
		return place.default and job_desc[place.default]
	end
end

-- The place of a job that slurmctld has.
local function of_record(job_rec)
	return function(place)
		return job_rec[place.record or place.field]
	end
end

-- The same, when the change will have been made.
local function of_change(job_desc, job_rec)
	return function(place)
		return job_desc[place.field] or of_record(job_rec)(place)
	end
end

-- What users are told of a wish that they are warned of, and of one that is
-- refused.
local words = {
	interactive = {
		warn = "It is interactive: once cancelled, it cannot be brought " ..
			"back. One of sbatch's can.",
		refuse = "Interactive jobs are not taken here: use sbatch.",
	},
	no_requeue = {
		warn = "One that may not be requeued cannot come back under its " ..
			"number.",
		forced = "It may be requeued, whatever you ask for: else it could " ..
			"not come back under its number.",
		refuse = "It has to be one that may be requeued, so that it can " ..
			"come back.",
	},
	move = {
		warn = "If you cancel it elsewhere, that is recorded all the same.",
		refuse = "It stays where it is.",
	},
	shorten = {
		warn = "If it ends at the shorter time limit, that is recorded.",
		refuse = "Its time limit is not made shorter.",
	},
}

-- The first of the wishes that is refused, or nil; adds to what is said.
local function weigh(wishes, said)
	for _, wish in ipairs(wishes) do
		local answer = watcher[wish]

		if answer == "refuse" then
			said[#said + 1] = words[wish].refuse
			return wish
		elseif answer ~= "allow" then
			said[#said + 1] = watcher.requeue and words[wish].forced or
				words[wish].warn
		end
	end
	return nil
end

-- Tells the user, if there is something to say.
local function tell(subject, what, said)
	if #said == 0 then
		return
	end
	if watcher.contact ~= "" then
		said[#said + 1] = "Questions: " .. watcher.contact
	end
	slurm.log_user("%s", subject .. " is protected (" .. what .. "). " ..
		table.concat(said, " "))
end

local function submit(job_desc, part_list)
	local what = protected(of_request(job_desc, part_list))
	local batch = job_desc.script ~= nil and job_desc.script ~= ""
	local wishes, said = {}, {}

	if not what then
		return slurm.SUCCESS
	end
	if watcher.notice then
		said[1] = "If you cancel it, that is recorded, and it may be " ..
			"brought back."
	end
	if not batch then
		wishes[1] = "interactive"
	elseif job_desc.requeue == 0 then
		wishes[1] = "no_requeue"
	end
	local refused = weigh(wishes, said)
	tell("This job", what, said)
	if refused then
		return slurm.ESLURM_ACCESS_DENIED
	end
	if watcher.requeue and batch then
		job_desc.requeue = 1
	end
	return slurm.SUCCESS
end

-- Whether a change brings the job's end closer. A job without a limit of its own
-- gets its first one so.
local function shortens(job_desc, job_rec)
	local limit, old_limit = job_desc.time_limit, job_rec.time_limit
	local ends, old_end = job_desc.end_time, job_rec.end_time

	return (limit and old_limit and limit ~= slurm.NO_VAL and
		old_limit ~= slurm.NO_VAL and limit < old_limit) or
		(ends and old_end and ends > 0 and ends < old_end)
end

-- What the owner of a protected job wants of a change that watcher cares for.
local function wishes_of(job_desc, job_rec, stays)
	local wishes = {}

	if not stays then
		wishes[#wishes + 1] = "move"
	end
	if shortens(job_desc, job_rec) then
		wishes[#wishes + 1] = "shorten"
	end
	if job_desc.requeue == 0 then
		wishes[#wishes + 1] = "no_requeue"
	end
	return wishes
end

local function modify(job_desc, job_rec, modify_uid)
	local before = protected(of_record(job_rec))
	local after = protected(of_change(job_desc, job_rec))
	local refused, said = nil, {}

	-- An admin or operator knows why.
	if modify_uid ~= job_rec.user_id then
		return slurm.SUCCESS
	end
	if before then
		refused = weigh(wishes_of(job_desc, job_rec, after), said)
	end
	-- slurmctld passes on what is said of a change from 23.02 on, the version
	-- that first names all errors; before, it discards it, with an error in
	-- its log.
	if slurm.ESLURM_DISABLED ~= nil then
		tell("Job " .. tostring(job_rec.job_id), before, said)
	end
	if refused then
		slurm.log_info("watcher: job %s (%s): uid %s is refused %s",
			tostring(job_rec.job_id), before, tostring(modify_uid), refused)
		return slurm.ESLURM_ACCESS_DENIED
	end
	-- One that moves in may have been submitted with --no-requeue.
	if watcher.requeue and after and (job_desc.requeue == 0 or not before) then
		job_desc.requeue = 1
	end
	return slurm.SUCCESS
end

-- Calls fn, and lets the job pass if it fails.
local function guarded(fn, ...)
	local ok, code = pcall(fn, ...)

	if ok then
		return code
	end
	pcall(slurm.log_error, "watcher: %s", tostring(code))
	return slurm.SUCCESS
end

-- For slurm_job_submit() and slurm_job_modify(), with their arguments: what these
-- are to return, where it is not slurm.SUCCESS.
function watcher.submit(job_desc, part_list, _submit_uid)
	return guarded(submit, job_desc, part_list)
end

function watcher.modify(job_desc, job_rec, _part_list, modify_uid)
	return guarded(modify, job_desc, job_rec, modify_uid)
end

return watcher
