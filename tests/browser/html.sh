#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The compliance report in HTML, in Chromium: nothing overflows on a screen, a
# phone or paper, nothing is asked of anybody, names stay text, and whatever is
# written can be read.

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/lib.sh
. "$here/../cli/lib.sh"

TZ=UTC
export TZ

if ! command -v chromedriver >/dev/null; then
	echo '1..0 # SKIP there is no Chromium (tests/install --gate installs it)'
	exit 77
fi

# page NAME STORE ARGUMENTS...: a report to be looked at.
page() {
	name=$1
	store=$2
	shift 2
	"$build/reports/watcher-report" -s "$store" compliance --format html \
		"$@" -o "$dir/$name.html" || exit 1
}

(cd "$here/../cli" && cat report.sql verdicts.sql compliance.sql) >"$dir/all.sql"
make_store "$dir/all.db" "$dir/all.sql" || exit 1
make_store "$dir/empty.db" /dev/null || exit 1
make_store "$dir/many.db" "$here/many.sql" || exit 1
page all "$dir/all.db" --period 2025-01
page restricted "$dir/all.db" --period 2025-01 \
	--user '<script>alert(1)</script>,محمد' --partition "$(printf '%0200d' 0)"
page one "$dir/all.db" --since 2025-01-15T12:14:00 --until 2025-01-15T12:15:00
page empty "$dir/empty.db" --period 2025-01
page quiet "$dir/all.db" --period 2025-01-10
page many "$dir/many.db" --period 2025
page ages "$dir/many.db" --since 1970-01-02 --until 9998-01-01
for name in all restricted one empty quiet many ages; do
	check "html: $name" python3 "$here/html.py" "$dir/$name.html"
done
finish
