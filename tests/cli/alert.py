# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads messages of alerts as a mail program does: MESSAGE... Prints what each
says, and what is wrong."""
import email
import email.policy
import html.parser
import sys
import xml.etree.ElementTree

KNOWN = {"from", "to", "subject", "date", "message-id", "in-reply-to",
         "references", "auto-submitted", "x-watcher-what", "x-watcher-event",
         "mime-version", "content-type"}


class Tags(html.parser.HTMLParser):
    """The elements of a page that are not ours."""
    ours = {"html", "head", "meta", "title", "body", "h2", "p", "table", "tr",
            "th", "td", "pre"}

    def __init__(self):
        super().__init__()
        self.wrong = []

    def handle_starttag(self, tag, attrs):
        if tag not in self.ours or [a for a in attrs
                                    if a[0] not in ("lang", "charset")]:
            self.wrong.append(f"element {tag} {attrs}")


def read(path):
    """What is to be said of it, and what is wrong."""
    raw = open(path, "rb").read()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    wrong = [str(d) for part in message.walk() for d in part.defects]
    wrong += [f"header {name}" for name in message.keys()
              if name.lower() not in KNOWN or len(message.get_all(name)) > 1]
    wrong += [f"line {line!r}" for line in raw.split(b"\n")
              if len(line) > 200 or any(c > 126 or c < 32 for c in line)]
    parts = list(message.iter_parts())
    types = [p.get_content_type() for p in parts]
    if (message.get_content_type(), types) != (
            "multipart/alternative", ["text/plain", "text/html"]):
        wrong.append(f"parts {types}")
    page = parts[1].get_content()
    tags = Tags()
    tags.feed(page)
    wrong += tags.wrong
    xml.etree.ElementTree.fromstring(page.split("\n", 1)[1])
    text = parts[0].get_content().replace("\r\n", "\n")
    return message, text, wrong


def main():
    ids = {}
    for path in sys.argv[1:]:
        message, text, wrong = read(path)
        ids[message["Message-ID"]] = message["X-Watcher-What"]
        print("to", message["To"])
        print("subject", message["Subject"])
        print("auto", message["Auto-Submitted"])
        if message["References"]:
            print("follows", ids.get(message["References"]))
        print("first", text.split("\n")[0])
        print("".join(line + "\n" for line in wrong), end="")


main()
