# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads a message as a mail program does, and holds its parts against the files
of the reports: MESSAGE BASE. Prints what it says, and what is wrong."""
import email
import email.policy
import email.utils
import sys
import time

path, base = sys.argv[1:]
raw = open(path, "rb").read()
message = email.message_from_bytes(raw, policy=email.policy.default)
wrong = [str(defect) for part in message.walk() for defect in part.defects]
for line in raw.split(b"\n"):
    if len(line) > 78 or any(c > 126 or c < 32 for c in line):
        wrong.append(f"line {line!r}")
for name in ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted",
             "MIME-Version", "Content-Type"):
    if len(message.get_all(name, [])) != 1:
        wrong.append("not one " + name)
known = {"from", "to", "subject", "date", "message-id", "auto-submitted",
         "mime-version", "content-type"}
wrong += ["header " + name for name in message.keys()
          if name.lower() not in known]
if abs(email.utils.parsedate_to_datetime(
        message["Date"]).timestamp() - time.time()) > 60:
    wrong.append("date " + message["Date"])
sender = message["From"].addresses[0]
print("from", sender.addr_spec if sender.domain == "example.org"
      else sender.username + "@HOST")
print("to", message["To"])
print("subject", message["Subject"])
print("auto", message["Auto-Submitted"])
parts = list(message.iter_parts())
print("mixed:" if message.get_content_type() == "multipart/mixed" else "not:",
      ", ".join(f"{part.get_content_type()} {part.get_content_charset()} "
                f"{part.get_filename()}" for part in parts))


def same(part, suffix):
    """Whether the part is the file; its lines may end as mail has it."""
    wanted = open(base + suffix, "rb").read()
    found = part.get_payload(decode=True)
    if suffix == ".txt":
        found = found.replace(b"\r\n", b"\n")
    if found != wanted:
        wrong.append(f"{suffix}: {len(found)} bytes are not {len(wanted)}")


for part, suffix in zip(parts, (".txt", ".html", ".csv")):
    same(part, suffix)
    if part.get_content_disposition() != (
            None if suffix == ".txt" else "attachment"):
        wrong.append("disposition of " + suffix)
print("".join(line + "\n" for line in wrong), end="")
