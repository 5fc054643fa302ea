-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The module for job_submit.lua, with a slurmctld that this file pretends: what
-- it makes of requests, and what it says. tests/cluster/job_submit has a real one.
-- FILE of the module is the argument.
local module = arg[1]
local failed = 0

local function expect(name, wanted, got)
	if wanted ~= got then
		print(("FAILED: %s\n  expected: %s\n  got:      %s"):format(name,
			tostring(wanted), tostring(got)))
		failed = failed + 1
	end
end

-- slurmctld's, with what was said and logged.
local function new_slurm(fields)
	local new = {
		SUCCESS = 0, ESLURM_ACCESS_DENIED = 2002, ESLURM_DISABLED = 2038,
		NO_VAL = 4294967294, NO_VAL16 = 65534, said = "", logged = "",
	}
	for key, value in pairs(fields or {}) do
		new[key] = value
	end
	new.log_user = function(...)
		new.said = new.said .. string.format(...)
	end
	new.log_info = function(...)
		new.logged = new.logged .. string.format(...)
	end
	new.log_error = new.log_info
	return new
end

local partitions = {
	critical = { flag_default = 0 },
	open = { flag_default = 1 },
	["prod-a"] = { flag_default = 0 },
}

-- The module with these settings.
local function load_module(settings)
	local watcher = dofile(module)

	watcher.partitions = "critical, prod-*"
	for key, value in pairs(settings or {}) do
		watcher[key] = value
	end
	slurm = new_slurm()
	return watcher
end

-- A batch job's request, with these fields.
local function request(fields)
	local job = {
		script = "#!/bin/sh", requeue = 65534, time_limit = 4294967294,
		end_time = 0,
	}
	for key, value in pairs(fields) do
		job[key] = value
	end
	if fields.script == false then
		job.script = nil
	end
	return job
end

-- --- Globs -------------------------------------------------------------------
-- As fnmatch has them.
local globs = {
	{ "critical", "critical", true }, { "critical", "critica", false },
	{ "critical", "xcritical", false }, { "prod-*", "prod-", true },
	{ "prod-*", "prod-a.b", true }, { "prod-*", "prod", false },
	{ "*", "anything", true }, { "a?c", "abc", true }, { "a?c", "ac", false },
	{ "[a-c]x", "bx", true }, { "[a-c]x", "dx", false },
	{ "[!a-c]x", "dx", true }, { "[^a-c]x", "ax", false },
	{ "[]x]", "]", true }, { "[a-]", "-", true }, { "[[:digit:]]", "7", true },
	{ "[![:digit:]]", "7", false }, { "[c-a]", "b", false },
	{ "a[", "a[", true }, { "[a.]", ".", true }, { "a.c", "abc", false },
	{ "100%", "100%", true }, { "%a", "a", false }, { "a\\*", "a*", true },
	{ "a\\*", "ab", false }, { "[+--]", ",", true }, { "a-b", "a-b", true },
	{ "x, critical", "critical", true }, { "x y", "y", true }, { "", "", false },
}
for _, case in ipairs(globs) do
	expect(case[1] .. " on " .. case[2], case[3],
		load_module().matches(case[1], case[2]))
end
expect("a list", true, load_module().matches({ "x", "cri*" }, "critical"))
expect("a long name is none", false,
	load_module().matches("*", ("x"):rep(256)))

-- --- Submission --------------------------------------------------------------
local denied = 2002
-- Name, settings, request, code, requeue afterwards, words that are said.
local submissions = {
	{ "open job", {}, { partition = "open", requeue = 0 }, 0, 0, "" },
	{ "the default partition", {}, {}, 0, 65534, "" },
	{ "an empty partition is the default one", { partitions = "open" },
		{ partition = "" }, 0, 1, "partition open" },
	{ "protected job", {}, { partition = "critical" }, 0, 1,
		"protected (partition critical). If you cancel it" },
	{ "one of a list", {}, { partition = "open,prod-a" }, 0, 1,
		"partition prod-a" },
	{ "--no-requeue", {}, { partition = "critical", requeue = 0 }, 0, 1,
		"whatever you ask for" },
	{ "--no-requeue is refused", { no_requeue = "refuse" },
		{ partition = "critical", requeue = 0 }, denied, 0, "It has to be" },
	{ "--no-requeue is left alone", { requeue = false, notice = false },
		{ partition = "critical", requeue = 0 }, 0, 0,
		"cannot come back under" },
	{ "--no-requeue is not spoken of",
		{ no_requeue = "allow", notice = false },
		{ partition = "critical", requeue = 0 }, 0, 1, "" },
	{ "interactive", {}, { partition = "critical", script = false }, 0, 65534,
		"It is interactive" },
	{ "interactive is refused", { interactive = "refuse" },
		{ partition = "critical", script = false }, denied, 65534,
		"not taken here" },
	{ "whom to ask", { contact = "ops@example.org" },
		{ partition = "critical" }, 0, 1, "Questions: ops@example.org" },
	{ "QOS", { qos = "paid" }, { partition = "open", qos = "paid" }, 0, 1,
		"qos paid" },
	{ "default account", { accounts = "climate-*" },
		{ default_account = "climate-x" }, 0, 1, "account climate-x" },
	{ "reservation", { reservations = { "drill" } }, { reservation = "drill" },
		0, 1, "reservation drill" },
	{ "what a user types", {}, { partition = "prod-\27[2J%s\n" }, 0, 1,
		"partition prod-??2J?s?" },
}
for _, case in ipairs(submissions) do
	local watcher = load_module(case[2])
	local job = request(case[3])

	expect(case[1] .. ": code", case[4], watcher.submit(job, partitions, 1001))
	expect(case[1] .. ": requeue", case[5], job.requeue)
	expect(case[1] .. ": said '" .. slurm.said .. "'", true,
		slurm.said:find(case[6], 1, true) ~= nil and
		(case[6] ~= "" or slurm.said == ""))
	expect(case[1] .. ": errors", "", slurm.logged)
end

-- --- Changes -----------------------------------------------------------------
-- Name, settings, change, record, code, requeue afterwards, words.
local changes = {
	{ "a change of nothing", {}, {}, {}, 0, 65534, "" },
	{ "out", {}, { partition = "open" }, {}, 0, 65534, "cancel it elsewhere" },
	{ "out is refused", { move = "refuse" }, { partition = "open" }, {}, denied,
		65534, "It stays" },
	{ "into a list is still in", { move = "refuse" },
		{ partition = "open,critical" }, {}, 0, 65534, "" },
	{ "in", {}, { partition = "critical" }, { partition = "open" }, 0, 1, "" },
	{ "a shorter limit", {}, { time_limit = 5 }, {}, 0, 65534, "shorter" },
	{ "a shorter limit is refused", { shorten = "refuse" }, { time_limit = 5 },
		{}, denied, 65534, "not made shorter" },
	{ "a longer limit", { shorten = "refuse" }, { time_limit = 90 }, {}, 0,
		65534, "" },
	{ "the first limit", { shorten = "refuse" }, { time_limit = 5 },
		{ time_limit = 4294967294 }, 0, 65534, "" },
	{ "a limit of none", { shorten = "refuse" }, { time_limit = 5 },
		{ time_limit = 4294967295 }, denied, 65534, "not made shorter" },
	{ "an earlier end is refused", { shorten = "refuse" }, { end_time = 999 },
		{ end_time = 1000 }, denied, 65534, "not made shorter" },
	{ "Requeue=0", {}, { requeue = 0 }, {}, 0, 1, "whatever you ask for" },
	{ "Requeue=0 is refused", { no_requeue = "refuse" }, { requeue = 0 }, {},
		denied, 0, "It has to be" },
	{ "Requeue=0 elsewhere", {}, { requeue = 0 }, { partition = "open" }, 0, 0,
		"" },
	{ "an admin's", { move = "refuse", no_requeue = "refuse" },
		{ partition = "open", requeue = 0 }, { user_id = 7 }, 0, 0, "" },
}
for _, case in ipairs(changes) do
	local watcher = load_module(case[2])
	local job = request(case[3])
	local record = {
		job_id = 12, user_id = 1001, partition = "critical", time_limit = 60,
	}
	for key, value in pairs(case[4]) do
		record[key] = value
	end

	expect(case[1] .. ": code", case[5],
		watcher.modify(job, record, partitions, 1001))
	expect(case[1] .. ": requeue", case[6], job.requeue)
	expect(case[1] .. ": said '" .. slurm.said .. "'", true,
		slurm.said:find(case[7], 1, true) ~= nil and
		(case[7] ~= "" or slurm.said == ""))
end

local watcher = load_module()
slurm.ESLURM_DISABLED = nil
watcher.modify(request({ partition = "open" }),
	{ job_id = 12, user_id = 1001, partition = "critical" }, partitions, 1001)
expect("nothing is said of a change up to 22.05", "", slurm.said)

-- --- Errors ------------------------------------------------------------------
watcher = load_module()
expect("an error refuses no job", 0, watcher.submit(nil, nil, nil))
expect("and is logged", true, slurm.logged:find("^watcher: ") ~= nil)
watcher = load_module()
expect("nor a change", 0, watcher.modify(nil, nil, nil, nil))
watcher = load_module({ partitions = { 7, {} } })
expect("nor a bad setting", 0, watcher.submit(request({ partition = "open" }),
	partitions, 1001))
slurm.log_error = nil
expect("nor an error in logging it", 0, watcher.submit(nil, nil, nil))

os.exit(failed == 0 and 0 or 1)
