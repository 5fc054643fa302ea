# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds the forms of a compliance report, report.{text,csv,json,html} in a
folder, against each other and against the sums of store.db there; with --form,
only looks whether a page is well formed. Prints what is wrong."""
import csv
import html.parser
import json
import sqlite3
import sys
import xml.dom.minidom

VOID = {"meta"}
# Elements of a page; SVG's drawings are in the second line.
KNOWN = set("""html head meta title style body main header section h1 h2 p dl dt
dd div span strong code bdi time table caption thead tbody tr th td figure
figcaption svg desc pattern rect path line text""".split())


class Page(html.parser.HTMLParser):
    """Every element is one of ours, and closed where it should be."""

    def __init__(self, text):
        super().__init__()
        self.open = []
        self.ids = set()
        self.references = []
        self.headings = []
        self.wrong = []
        self.cells = {"caption": 0, "table": 0, "figure": 0, "desc": 0}
        self.feed(text)
        self.close()
        self.wrong += ["left open: " + tag for tag in self.open]
        self.wrong += ["no such id: " + name for name in self.references
                       if name not in self.ids]

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag not in KNOWN:
            self.wrong.append("element " + tag)
        self.wrong += [f"{tag} {name}" for name in attrs
                       if name.startswith("on") or name in
                       ("href", "src", "style", "srcset", "action")]
        if "id" in attrs:
            if attrs["id"] in self.ids:
                self.wrong.append("id twice: " + attrs["id"])
            self.ids.add(attrs["id"])
        self.references += attrs.get("aria-labelledby", "").split()
        if attrs.get("fill", "").startswith("url(#"):
            self.references.append(attrs["fill"][5:-1])
        if tag == "th" and attrs.get("scope") not in ("row", "col"):
            self.wrong.append("th without scope")
        if tag in ("h1", "h2"):
            self.headings.append(tag)
        if tag in self.cells:
            self.cells[tag] += 1
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append("closes what is not open: " + tag)


def check_form(path):
    """What is wrong with a page."""
    text = open(path, encoding="utf-8").read()
    page = Page(text)
    wrong = page.wrong
    xml.dom.minidom.parseString(text.encode())
    if page.headings[0] != "h1" or page.headings.count("h1") != 1:
        wrong.append("headings " + " ".join(page.headings))
    if page.cells["caption"] != page.cells["table"]:
        wrong.append("a table without its caption")
    if page.cells["desc"] != page.cells["figure"]:
        wrong.append("a chart without its description")
    return wrong


def sums(store, since, until):
    """Confirmed and suspected, as the store has them."""
    now = "confidence = 'confirmed' OR correction = 'confirmed'"
    again = "restored_at > 0 AND restored_state = 'cancelled again'"
    rows = store.execute(f"""
        SELECT {now}, count(*), count(DISTINCT event_id), sum(tasks),
            sum(cpu_seconds), sum(gpu_seconds),
            sum(restored_at > 0 AND NOT ({again})), sum({again}),
            sum(acknowledged_at > 0),
            sum(restored_at = 0 AND acknowledged_at = 0)
        FROM incident
        WHERE ended >= unix(?) AND ended < unix(?) AND exempt = ''
            AND correction NOT IN ('cleared', 'alive')
        GROUP BY 1""", (since, until))
    names = ("incidents events jobs cpu_seconds gpu_seconds restored "
             "cancelled_again acknowledged open").split()
    found = {bool(row[0]): dict(zip(names, row[1:])) for row in rows}
    none = dict.fromkeys(names, 0)
    return found.get(True, none), found.get(False, none)


def check_sums(wrong, store, report, table):
    """JSON's and CSV's totals, of both periods."""
    period, before = report["period"], report["before"]
    now = sums(store, period["since"], period["until"])
    then = sums(store, before["since"], before["until"])
    for i, word in enumerate(("confirmed", "suspected")):
        if report["total"][word] != now[i]:
            wrong.append(f"{word}: {report['total'][word]} is not {now[i]}")
        if before[word] != then[i]:
            wrong.append(f"before, {word}: {before[word]} is not {then[i]}")
        for section, values in (
                ("total", now[i]), ("before", then[i]),
                ("change", {name: now[i][name] - then[i][name]
                            for name in now[i]})):
            row, = [row for row in table if row["section"] == section
                    and row["confidence"] == word]
            if {name: row[name] for name in values} != {
                    name: str(values[name]) for name in values}:
                wrong.append(f"csv, {section} {word}: {row} {values}")
        change = before["change"][word]
        for name in ("incidents", "cpu_seconds", "open"):
            if change[name] != now[i][name] - then[i][name]:
                wrong.append(f"change of {name}: {change[name]}")


def check_rows(wrong, store, report, table):
    """What goes with reasons, what came back, and what ran."""
    def rows(section, *columns):
        return [tuple(row[name] for name in columns) for row in table
                if row["section"] == section]

    for section, who, why in (("acknowledged", "by", "reason"),
                              ("exempted", "user", "rule")):
        told = [(row[who], str(row["incidents"]), row["first"], row["last"],
                 row[why]) for row in report[section]]
        # A formula is defused in CSV alone.
        found = [row[:4] + (row[4].removeprefix("'"),) for row in
                 rows(section, "item", "incidents", "since", "until", "note")]
        if told != found or not told:
            wrong.append(f"{section}: {told} {found}")
    ran, = store.execute("""
        SELECT sum(jobs) FROM ran WHERE since >= unix(?) AND since < unix(?)
        """, (report["period"]["since"], report["period"]["until"])).fetchone()
    if ran != report["ran"]["jobs"] or rows("ran", "n", "of") != [
            (str(report["ran"]["confirmed"]), str(ran))]:
        wrong.append(f"ran: {ran} {report['ran']}")
    if sum(row["jobs"] for row in report["ran"]["by_partition"]) != ran:
        wrong.append("ran by partition")
    times = sorted(row[0] for row in store.execute("""
        SELECT restored_at - ended FROM incident WHERE restored_at > 0
        AND ended >= unix(?) AND ended < unix(?) AND exempt = ''
        AND confidence = 'confirmed' AND correction = ''
        """, (report["period"]["since"], report["period"]["until"])))
    told = report["restoration"]["confirmed"]
    half = len(times) // 2
    if (told["worst_seconds"] != times[-1] or len(times) % 2 or
            told["median_seconds"] != (times[half - 1] + times[half]) // 2):
        wrong.append(f"times: {told} {times}")
    if rows("chain", "item", "n") != [(report["chain"]["head"],
                                       str(report["chain"]["entries"]))]:
        wrong.append("chain")


def main():
    """As the first sentence says."""
    if sys.argv[1] == "--form":
        wrong = check_form(sys.argv[2])
    else:
        folder = sys.argv[1] + "/"
        wrong = check_form(folder + "report.html")
        store = sqlite3.connect(folder + "store.db")
        store.create_function("unix", 1, lambda text: store.execute(
            "SELECT CAST(strftime('%s', ?) AS INTEGER)", (text,)).fetchone()[0])
        report = json.load(open(folder + "report.json", encoding="utf-8"))
        with open(folder + "report.csv", newline="",
                  encoding="utf-8") as file:
            table = list(csv.DictReader(file, strict=True))
        check_sums(wrong, store, report, table)
        check_rows(wrong, store, report, table)
        page = open(folder + "report.html", encoding="utf-8").read()
        text = open(folder + "report.text", encoding="utf-8").read()
        for what in (report["headline"], report["chain"]["head"]):
            if what not in page or what not in text:
                wrong.append("not in all forms: " + what)
    print("".join(line + "\n" for line in wrong), end="")


main()
