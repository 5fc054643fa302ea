# SPDX-License-Identifier: GPL-2.0-or-later
"""Looks at a report in Chromium: on a wide screen, a phone and paper, light and
dark. Prints what is wrong with it."""
import re
import sys

from browser import Browser

# What is remembered of a page from before its first element on.
WATCH = """
window.seen = {violations: [], dialogs: 0};
for (const name of ['alert', 'confirm', 'prompt'])
    window[name] = () => { window.seen.dialogs++; };
document.addEventListener('securitypolicyviolation', event =>
    window.seen.violations.push(event.effectiveDirective));
"""

# What is wider than the screen, but for what scrolls by itself; letters have an
# outline, which is not seen.
OVERFLOW = """
const wide = [], width = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth > width)
    wide.push('page ' + document.documentElement.scrollWidth);
for (const e of document.querySelectorAll('body *')) {
    const box = e.getBoundingClientRect();
    const within = e.parentElement.closest('.scroll');
    if (!within && (box.right > width + .5 || box.left < -2))
        wide.push(e.tagName + ' ' + box.right + ' ' +
                  e.textContent.trim().slice(0, 40));
}
return wide;
"""

# Texts of a chart that lie on each other.
OVERLAP = """
const found = [];
for (const svg of document.querySelectorAll('figure > svg')) {
    const texts = [...svg.querySelectorAll('text')].map(
        e => [e.textContent, e.getBoundingClientRect()]);
    texts.forEach(([a, p], i) => texts.slice(i + 1).forEach(([b, q]) => {
        if (p.left < q.right && q.left < p.right &&
            p.top + 2 < q.bottom && q.top + 2 < p.bottom)
            found.push(a + ' on ' + b);
    }));
}
return found;
"""

# Text whose contrast with what is behind it is less than 4.5, and drawings with
# less than 3.
CONTRAST = """
function rgb(text) {
    const n = text.match(/[\\d.]+/g).map(Number);
    return n.length > 3 && n[3] === 0 ? null : n.slice(0, 3);
}
function light(color) {
    const [r, g, b] = color.map(c => (c /= 255) <= .03928 ? c / 12.92
        : ((c + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
}
function behind(e) {
    for (; e; e = e.parentElement) {
        const color = rgb(getComputedStyle(e).backgroundColor);
        if (color) return color;
    }
    return [255, 255, 255];
}
function ratio(a, b) {
    const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
    return (x + .05) / (y + .05);
}
const poor = [];
let texts = 0;
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || e.closest('title, desc')) continue;
    const style = getComputedStyle(e);
    const color = rgb(e.closest('svg') ? style.fill : style.color);
    const found = ratio(color, behind(e));
    texts++;
    if (found < 4.5) poor.push(e.tagName + ' ' + e.className + ' ' + found);
}
for (const e of document.querySelectorAll('figure > svg > rect, .key rect')) {
    const style = getComputedStyle(e);
    const drawn = style.stroke !== 'none' ? style.stroke : style.fill;
    if (!drawn.startsWith('rgb')) continue;
    const found = ratio(rgb(drawn), behind(e));
    if (found < 3) poor.push('rect ' + e.className.baseVal + ' ' + found);
}
if (!texts) poor.push('no text');
return poor;
"""

STRUCTURE = """
const wrong = [];
if (document.documentElement.lang !== 'en') wrong.push('no language');
if (!document.title) wrong.push('no title');
const levels = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(
    e => Number(e.tagName[1]));
levels.forEach((level, i) => {
    if (level > (i ? levels[i - 1] + 1 : 1)) wrong.push('heading ' + level);
});
for (const svg of document.querySelectorAll('figure > svg'))
    for (const id of svg.getAttribute('aria-labelledby').split(' '))
        if (!document.getElementById(id).textContent.trim())
            wrong.push('unnamed chart');
for (const table of document.querySelectorAll('table')) {
    if (!table.caption.textContent) wrong.push('table without a caption');
    const width = table.rows[0].cells.length;
    for (const row of table.rows)
        if (row.cells.length !== width) wrong.push('a ragged table');
}
const known = new Set(arguments[0]);
for (const e of document.querySelectorAll('*'))
    if (!known.has(e.localName)) wrong.push('element ' + e.localName);
return wrong;
"""

KNOWN = """html head meta title style body main header section h1 h2 p dl dt dd
div span strong code bdi time table caption thead tbody tr th td figure figcaption
svg desc pattern rect path line text""".split()


def look(browser, wrong, where):
    """What is to hold on every screen."""
    for name, script in (("wider than the screen", OVERFLOW),
                         ("on each other", OVERLAP),
                         ("hard to read", CONTRAST)):
        found = browser.run(script)
        if found:
            wrong.append(f"{where}: {name}: {found[:5]}")


def look_at_screens(browser, wrong, path):
    """Wide and narrow, light and dark."""
    for width in (1280, 390):
        for scheme in ("light", "dark"):
            browser.screen(width, scheme, phone=width < 600)
            browser.open(path)
            look(browser, wrong, f"{width} {scheme}")
    ground = browser.run(
        "return getComputedStyle(document.documentElement).backgroundColor")
    if ground == "rgb(255, 255, 255)":
        wrong.append("dark is not dark, or the style sheet was refused")
    found = browser.run(STRUCTURE, KNOWN)
    if found:
        wrong.append(f"structure: {found[:5]}")


def look_for_requests(browser, wrong, path):
    """Nothing but the file itself was ever asked for, and the policy holds."""
    seen = browser.run("return window.seen")
    if seen != {"violations": [], "dialogs": 0}:
        wrong.append(f"seen: {seen}")
    asked = re.findall(r'"method":"Network.requestWillBeSent".*?"url":"([^"]*)"',
                       " ".join(entry["message"]
                                for entry in browser.log("performance")))
    if not asked or set(asked) != {"file://" + path}:
        wrong.append(f"asked for: {set(asked)}")
    said = browser.log("browser")
    if said:
        wrong.append(f"said: {said[:3]}")
    # What a hole in the escaping would let in.
    browser.run("""
        document.body.insertAdjacentHTML('beforeend',
            '<img src="http://192.0.2.1/x"><p style="color: red">x</p>');
        const script = document.createElement('script');
        script.textContent = 'alert(1)';
        document.body.append(script);""")
    refused = browser.run("""
        return new Promise(done => setTimeout(() => done(window.seen), 100));
        """)
    if refused["dialogs"] or not {
            "img-src", "script-src-elem"} <= set(refused["violations"]):
        wrong.append(f"refused only: {refused}")


def look_at_paper(browser, wrong, path):
    """A4 at 96 pixels an inch, without its margins: nothing scrolls there."""
    browser.screen(673, "dark")
    browser.cdp("Emulation.setEmulatedMedia", media="print")
    browser.open(path)
    look(browser, wrong, "paper")
    found = browser.run("""
        return [...document.querySelectorAll('.scroll')].filter(
            e => e.scrollWidth > e.clientWidth + 1).map(
            e => e.getAttribute('aria-label') + ' ' + e.scrollWidth);""")
    if found:
        wrong.append(f"cut on paper: {found[:5]}")
    paper = browser.paper()
    pages = len(re.findall(rb"/Type\s*/Page\b", paper))
    if not paper.startswith(b"%PDF-") or not pages:
        wrong.append(f"no PDF: {paper[:20]!r}, {pages} pages")


def main():
    """As the first sentence says."""
    path = sys.argv[1]
    wrong = []
    with Browser() as browser:
        browser.cdp("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
        look_at_screens(browser, wrong, path)
        look_for_requests(browser, wrong, path)
        look_at_paper(browser, wrong, path)
    print("".join(line + "\n" for line in wrong), end="")


main()
