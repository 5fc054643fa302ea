# SPDX-License-Identifier: GPL-2.0-or-later
"""What the fault run works on: the lab's MariaDB, storms over two clusters, the
watcher and its store."""
import contextlib
import os
import pathlib
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("WATCHER_BUILD_ROOT",
                                    HERE.parent.parent / "build")).resolve()
DATABASE = "lab_faults"
CLUSTERS = ("lab", "two")
FILLED = 20000

# Which jobs of a cluster are incidents, and when were they last written?
TRUTH = """
    SELECT id_job, time_submit, mod_time FROM `{}_job_table`
    WHERE (state & 255) = 4 AND kill_requid = id_user AND time_end > 0
    AND FIND_IN_SET('critical', `partition`)"""

FOUND = """
    SELECT cluster, id_job, submitted, count(*) FROM incident
    WHERE confidence = 'confirmed' AND exempt = '' GROUP BY 1, 2, 3"""


def say(text):
    """Progress, for who looks on."""
    print(f"faults: {text}", file=sys.stderr, flush=True)


def wait_for(condition, seconds):
    """Whether the condition came true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


class Server:
    """The lab's MariaDB, which may be ended and started again."""

    def __init__(self):
        self.folder = pathlib.Path(os.environ["LAB_DIR"])
        self.pid_file = self.folder / "pid/mariadb"
        self.pid = int(self.pid_file.read_text())
        words = pathlib.Path(f"/proc/{self.pid}/cmdline").read_bytes()
        # What it said was committed must be so after a SIGKILL.
        self.command = [*words.decode().split("\0")[:-1],
                        "--innodb-flush-log-at-trx-commit=1"]
        self.process = None
        self.sql("SET GLOBAL innodb_flush_log_at_trx_commit = 1")

    def sql(self, text, database="mysql"):
        """The rows, each a list of words."""
        out = subprocess.run(
            ["mariadb", "--no-defaults", "--user=root", "--batch",
             f"--socket={os.environ['LAB_SOCKET']}", "--skip-column-names",
             database], input=text, capture_output=True, text=True,
            check=False)
        if out.returncode:
            raise RuntimeError(f"mariadb: {out.stderr.strip()}")
        return [line.split("\t") for line in out.stdout.splitlines()]

    def clock(self):
        """The database's."""
        return int(self.sql("SELECT UNIX_TIMESTAMP()")[0][0])

    def is_up(self):
        """Whether it answers."""
        with contextlib.suppress(RuntimeError):
            self.sql("SELECT 1")
            return True
        return False

    def is_gone(self):
        """Whether its process has ended."""
        if self.process:
            return self.process.poll() is not None
        return not pathlib.Path(f"/proc/{self.pid}").exists()

    def end(self, number):
        """Ends it by a signal."""
        os.kill(self.pid, number)
        if not wait_for(self.is_gone, 60):
            raise RuntimeError("mariadbd does not end")

    def start(self):
        """Starts it again, as one of the lab's servers."""
        with open(self.folder / "log/mariadb.again", "ab") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.folder, start_new_session=True,
                env=os.environ | {"LAB_MARK": str(self.folder)})
        self.pid = self.process.pid
        self.pid_file.write_text(f"{self.pid}\n")
        if not wait_for(self.is_up, 60):
            raise RuntimeError("mariadbd does not start again")


class Watcher:
    """The daemon under test."""

    def __init__(self, lab):
        self.lab = lab
        self.process = None
        self.log = lab.work / "log"
        self.unexpected = []

    def start(self, conf=None, **more):
        """Starts it."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [BUILD / "watcher/watcher", "-c", conf or self.lab.conf, "run"],
                stdout=log, stderr=log, **more)

    def is_watching(self):
        """Whether it has got past its start, and takes signals."""
        self.check()
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        blocked = int(re.search(r"^SigBlk:\s*(\w+)", status, re.M)[1], 16)
        return bool(blocked >> (signal.SIGUSR1 - 1) & 1)

    def check(self):
        """Notes an end that nobody asked for, and starts it again."""
        if self.process.poll() is not None:
            self.unexpected.append(f"watcher ended: {self.process.returncode}")
            self.start()

    def kill(self):
        """Ends it with no time to clean up."""
        self.check()
        self.process.kill()
        self.process.wait()

    def stop(self):
        """Ends it as systemd does; restarts are not its doing."""
        wait_for(self.is_watching, 5)
        self.process.terminate()
        if self.process.wait(60):
            self.unexpected.append(
                f"watcher stopped with {self.process.returncode}")

    def logged(self):
        """What it has said so far, of its current log."""
        return self.log.read_text(errors="replace")

    @contextlib.contextmanager
    def prodded(self):
        """Passes much more often than each second."""
        over = threading.Event()

        def prod():
            while not over.wait(0.05):
                with contextlib.suppress(ProcessLookupError):
                    self.process.send_signal(signal.SIGUSR1)

        wait_for(self.is_watching, 5)
        thread = threading.Thread(target=prod)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


class Lab:
    """What the faults work on: server, storms, watcher, store."""

    def __init__(self, args):
        self.args = args
        self.rng = random.Random(args.seed)
        self.work = pathlib.Path(os.environ["LAB_DIR"]) / "faults"
        self.folder = self.work / "store"
        self.store = self.folder / "incidents.db"
        self.folder.mkdir(parents=True)
        self.mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=256m,mode=0700", "faults",
             self.folder], stderr=subprocess.DEVNULL, check=False
        ).returncode == 0
        self.server = Server()
        self.load()
        self.conf = self.write_conf("watcher.conf",
                                    f"socket = {os.environ['LAB_SOCKET']}")
        self.watcher = Watcher(self)
        self.storms = []
        self.storm_number = 0

    def load(self):
        """The tables, rows that are open before all, and a reader's account."""
        for cluster in CLUSTERS:
            subprocess.run([HERE.parent / "lab/load-fixture",
                            self.args.version, DATABASE, cluster], check=True)
            self.server.sql(
                f"""SET sql_mode = '';
                INSERT IGNORE INTO cluster_table (name) VALUES ('{cluster}');
                INSERT INTO `{cluster}_assoc_table` (id_assoc, user, acct)
                VALUES (4, 'alice', 'acc')""", DATABASE)
            subprocess.run([*self.storm_command(cluster),
                            f"--fill={FILLED}"], check=True)
        grants = (HERE.parent.parent / "conf/grants.sql").read_text()
        for host in "localhost", "127.0.0.1":
            self.server.sql(f"CREATE USER watcher@'{host}' IDENTIFIED BY 'w';"
                            f"SET @watcher_host = '{host}';\n{grants}", DATABASE)

    def write_conf(self, name, address, timeout="10s"):
        """A configuration; its path. The overlap is short and the sweep's
        window too, so that either alone could not find all."""
        password = self.work / "password"
        password.touch(0o600)
        password.write_text("w\n")
        path = self.work / name
        path.write_text(f"""
[slurmdbd]
{address}
user = watcher
password_file = {password}
database = {DATABASE}
clusters = {', '.join(CLUSTERS)}
timeout = {timeout}
[protect]
partitions = critical
[watch]
poll = 1s
overlap = 30s
sweep = 1m
sweep_window = 1h
[store]
path = {self.store}
""")
        return path

    def storm_command(self, cluster):
        """A storm over one cluster."""
        return [HERE / "storm", f"--cluster={cluster}",
                f"--database={DATABASE}", f"--version={self.args.version}"]

    def begin_storm(self, late_s=20):
        """Jobs of its own for each: no number comes twice."""
        self.storm_number += 1
        share = FILLED // 20
        for i, cluster in enumerate(CLUSTERS):
            self.storms.append(subprocess.Popen([
                *self.storm_command(cluster), f"--late={late_s}",
                f"--rate={self.args.rate / len(CLUSTERS)}",
                f"--seed={self.args.seed + self.storm_number * 10 + i}",
                f"--first-id={self.storm_number * 10000000}",
                f"--filled-from={1 + (self.storm_number - 1) * share}",
                f"--filled-to={1 + self.storm_number * share}",
            ], stdout=subprocess.DEVNULL))

    def end_storm(self):
        """Until the last job is at its end."""
        for storm in self.storms:
            storm.terminate()
        for storm in self.storms:
            # Ended by the signal itself it had not begun.
            if storm.wait(120) not in (0, -signal.SIGTERM):
                raise RuntimeError("the storm failed")
        self.storms = []

    def query(self, sql):
        """What the store holds, by a reader of its own."""
        with contextlib.closing(sqlite3.connect(
                f"file:{self.store}?mode=ro", uri=True, timeout=20)) as db:
            return db.execute(sql).fetchall()

    def truth(self):
        """{(cluster, id_job, time_submit): mod_time} of all incidents."""
        return {(cluster, int(row[0]), int(row[1])): int(row[2])
                for cluster in CLUSTERS
                for row in self.server.sql(TRUTH.format(cluster), DATABASE)}

    def found(self):
        """{(cluster, id_job, time_submit): how often} in the store."""
        return {tuple(row[:3]): row[3] for row in self.query(FOUND)}

    def has_recorded_since(self, when_s):
        """Whether each cluster got an incident after that time."""
        rows = dict(self.query(
            "SELECT cluster, max(detected) FROM incident GROUP BY 1"))
        return all(rows.get(cluster, 0) > when_s for cluster in CLUSTERS)

    def close(self):
        """Leaves nothing behind."""
        for process in (*self.storms, self.watcher.process):
            if process and process.poll() is None:
                process.kill()
                process.wait()
        if self.mounted:
            subprocess.run(["umount", "--lazy", self.folder], check=False)
