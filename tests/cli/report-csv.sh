#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What watcher-report exports, read back by the csv and json modules of
# Python, is what the store holds.

here=$(dirname "$0")
# shellcheck source=tests/cli/lib.sh
. "$here/lib.sh"

store=$dir/store.db

report() {
	"$build/reports/watcher-report" -s "$store" "$@"
}

# One whose QOS is no UTF-8, and two of whose names look like something else.
cat "$here/report.sql" "$here/verdicts.sql" - >"$dir/all.sql" <<'SQL'
CREATE TEMP TABLE odd AS SELECT * FROM incident WHERE incident_id = 1;
UPDATE odd SET incident_id = 90, id_job = 90, qos = CAST(x'6ee9' AS TEXT),
	job_name = '0012', account = '1-2';
INSERT INTO incident SELECT * FROM odd;
SQL
make_store "$store" "$dir/all.sql" || exit 1
all='--suspected --exempt --corrected'
year='--since 2024-02-01T00:00:00Z --until 2025-02-01T00:00:00Z'
# shellcheck disable=SC2086 # several words
{
	report export $all --raw >"$dir/raw.csv"
	report export $all >"$dir/safe.csv"
	report export $all --spreadsheet >"$dir/spreadsheet.csv"
	report export $all --format json >"$dir/export.json"
	report export $all --format jsonl >"$dir/export.jsonl"
	report compliance $year --format csv >"$dir/compliance.csv"
	report compliance $year --format json >"$dir/compliance.json"
}

# compare WHAT: prints nothing if that is right.
compare() {
	python3 - "$1" "$dir" <<'PYTHON'
import csv, json, sqlite3, sys, time

what, folder = sys.argv[1:]
columns = """incident_id event_id cluster job_id job_db_inx user uid account
partition qos job_name kind confidence phase tasks submitted started ended
detected elapsed_s cpu_seconds gpu_seconds state restoration restored_job_id
restored_at acknowledged_by acknowledged_at reason exempt section causes
correction corrected_at correction_why restored_state restored_started
restored_ended acknowledged_why""".split()
times = """submitted started ended detected restored_at acknowledged_at
corrected_at restored_started restored_ended""".split()

store = sqlite3.connect(folder + "/store.db")
store.row_factory = sqlite3.Row
store.text_factory = lambda text: text.decode("utf-8", "backslashreplace")
stored = [dict(row) for row in
          store.execute("SELECT * FROM incident ORDER BY ended, incident_id")]

for row in stored:
    if row["correction"] == "confirmed":
        row["confidence"] = "confirmed"

def utc(seconds):
    return seconds and time.strftime("%Y-%m-%dT%H:%M:%SZ",
                                     time.gmtime(seconds))

def replaced(value):
    return value.replace("\\xe9", "\ufffd") if type(value) is str else value

def rows(name, encoding="utf-8"):
    with open(folder + "/" + name, newline="", encoding=encoding) as file:
        return list(csv.reader(file, strict=True))

def as_csv(row):
    return [(utc(row[c]) or "") if c in times else str(row[c])
            for c in columns]

def as_json(row):
    return {c: (utc(row[c]) or None) if c in times else replaced(row[c])
            for c in columns}

def expect(wanted, got):
    if wanted != got:
        print("wanted", wanted, "got", got)

if what == "raw":
    expect([columns] + [as_csv(row) for row in stored], rows("raw.csv"))
elif what == "safe":
    raw, safe = rows("raw.csv"), rows("safe.csv")
    changed = [(a, b) for x, y in zip(raw, safe) for a, b in zip(x, y)
               if a != b]
    why = "=1+1\x1b[31m: the log names uid 0"
    expect([("n\\xe9", "n\ufffd"),
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            (why, "'" + why)], changed)
elif what == "spreadsheet":
    safe, file = rows("safe.csv"), rows("spreadsheet.csv", "utf-8-sig")
    changed = [(c, a, b) for x, y in zip(safe, file)
               for c, a, b in zip(columns, x, y) if a != b]
    expect(["\ufeffincident_id"], rows("spreadsheet.csv")[0][:1])
    expect([], [(a, b) for c, a, b in changed if c in times and a != b + "Z"])
    expect({("job_db_inx", "9007199254740993"), ("account", "1-2"),
            ("job_db_inx", "9223372036854775809"), ("job_name", "0012")},
           {(c, a) for c, a, b in changed if c not in times and b == "'" + a})
    expect([], [row[i] for row in file for i, c in enumerate(columns)
                if c in times and row[i].endswith("Z")])
elif what == "lines":
    data = open(folder + "/raw.csv", "rb").read()
    inside = sum(row["job_name"].count("\n") for row in stored)
    expect(len(stored) + 1, data.count(b"\r\n"))
    expect(len(stored) + 1 + inside, data.count(b"\n"))
elif what == "json":
    expect([as_json(row) for row in stored],
           json.load(open(folder + "/export.json", encoding="utf-8")))
elif what == "jsonl":
    lines = open(folder + "/export.jsonl", encoding="utf-8").read()
    expect([as_json(row) for row in stored],
           [json.loads(line) for line in lines.split("\n")[:-1]])
    expect("", lines.split("\n")[-1])
elif what == "compliance":
    table = rows("compliance.csv")
    expect({18}, {len(row) for row in table})
    document = json.load(open(folder + "/compliance.json", encoding="utf-8"))
    for group in """kind cluster partition account user day exempt
            corrected""".split():
        for entry in document.get("by_" + group, document.get(group)):
            for confidence in "confirmed", "suspected":
                sums = entry[confidence]
                wanted = [group, entry["name"], confidence] + [
                    str(sums[c]) for c in table[0][3:11]]
                found = [row[:11] for row in table if row[:3] == wanted[:3]]
                expect([wanted] if sums["incidents"] else [], found)
    expect([[str(other["uid"]).replace("None", "slurm"), str(other["jobs"]),
             other["reason"]] for other in document["ended_by_others"]],
           [[row[1], row[5], row[14]] for row in table
            if row[0] == "ended_by_others"])
    expect([("watched", "alpha", ""),
            ("gap", "alpha", "not watched yet"),
            ("gap", "alpha", "database out of reach"),
            ("watched", "beta", ""),
            ("gap", "beta", "not watched yet"),
            ("gap", "beta", "no pass of the watcher since")],
           [(row[0], row[1], row[14]) for row in table
            if row[0] in ("watched", "gap")])
PYTHON
}

check 'csv: raw is what is stored' compare raw
check 'csv: only formulas are changed' compare safe
check 'csv: a spreadsheet finds dates and all digits' compare spreadsheet
check 'csv: lines end with CRLF' compare lines
check 'json: is what is stored' compare json
check 'json lines: are what is stored' compare jsonl
check 'compliance: csv and json agree' compare compliance
finish
