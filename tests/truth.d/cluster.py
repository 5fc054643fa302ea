# SPDX-License-Identifier: GPL-2.0-or-later
"""The lab's cluster as the scenarios of tests/truth use it: commands of users,
what Slurm and its database say now, daemons that end and start again, and the
watcher that is under test."""
import collections
import contextlib
import json
import os
import pathlib
import re
import signal
import sqlite3
import subprocess
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = pathlib.Path(os.environ.get("WATCHER_SOURCE_ROOT",
                                     HERE.parent.parent)).resolve()
BUILD = pathlib.Path(os.environ.get("WATCHER_BUILD_ROOT",
                                    SOURCE / "build")).resolve()
LAB = SOURCE / "tests/lab"

# What with-cluster makes for the scenarios. Nodes: n1 and n2 for all, the
# others by reservation (see apart). A het job is started by the backfill
# scheduler only: it runs each second.
SETTINGS = {
    "LAB_NODES": "5",
    "LAB_CPUS": "64",
    "LAB_SLURM_CONF": """
SchedulerParameters=bf_interval=1,sched_interval=5,batch_sched_delay=0
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
PartitionName=urgent Nodes=n5 PriorityTier=10
PartitionName=closed Nodes=n1 State=DOWN
""",
}


def apart(node):
    """What asks for a node that has a use of its own: n3 is kept full, n4
    fails, on n5 jobs are preempted."""
    return ("--reservation=apart", f"--nodelist={node}")


BASE = 255
CANCELLED = 4
OVER = {"COMPLETED", "CANCELLED", "FAILED", "TIMEOUT", "NODE_FAIL",
        "PREEMPTED", "DEADLINE", "OUT_OF_MEMORY", "BOOT_FAIL", "REVOKED"}

Row = collections.namedtuple(
    "Row", "id_job time_submit id_array_job id_array_task het_job_id state "
    "kill_requid partition id_user time_end job_name waiting")

ROWS = f"""
    SELECT {', '.join(Row._fields[:5])}, state, COALESCE(kill_requid, -1),
    `partition`, id_user, time_end, job_name, COALESCE(array_task_str, '')
    FROM lab_job_table
    ORDER BY time_submit, job_db_inx"""


class Unplayed(Exception):
    """A scenario went another way than it should have."""


def wait_for(what, condition, seconds=120):
    """Waits until the condition comes true."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise Unplayed(f"waited {seconds} s until {what}")
        time.sleep(0.1)


class Board(threading.Thread):
    """What squeue, the job table and the watcher's store say, read again and
    again for all who wait for something."""

    def __init__(self, cluster):
        super().__init__(daemon=True)
        self.cluster = cluster
        self.changed = threading.Condition()
        self.begun = 0  # looks begun, and looks done
        self.done = 0
        self.jobs = {}  # state by number, array tasks apart: 3_1
        self.names = {}  # number of a job by its name
        self.rows = []
        self.clock = 0  # the database's
        self.passed = 0  # the same clock at the watcher's last pass
        self.over = False

    def run(self):
        while not self.over:
            self.begun += 1
            with contextlib.suppress(Unplayed, sqlite3.Error):
                self.look()
            with self.changed:
                self.done = self.begun
                self.changed.notify_all()
            time.sleep(0.2)

    def look(self):
        """Reads all there is."""
        self.rows = [self.row(line) for line in self.cluster.sql(ROWS)]
        self.clock = int(self.cluster.sql("SELECT UNIX_TIMESTAMP()")[0][0])
        self.passed = self.cluster.watcher.last_pass()
        lines = self.cluster.run(
            "root", "squeue", "--noheader", "--array", "--states=all",
            "--format=%i|%T|%j").splitlines()
        jobs = [line.strip().split("|") for line in lines]
        self.jobs = {job[0]: job[1] for job in jobs}
        self.names = {job[2]: re.match(r"\d+", job[0])[0] for job in jobs}

    @staticmethod
    def row(line):
        """A row of the job table. Tasks that wait are a bitmap."""
        numbers = [int(word) for word in line[:7]]
        return Row(*numbers, line[7], int(line[8]), int(line[9]), line[10],
                   int(line[11] or "0", 16))

    def wait(self, what, condition, seconds=180):
        """Waits until the condition holds at a look that began after this."""
        first = self.begun + 1
        with self.changed:
            if not self.changed.wait_for(
                    lambda: self.done >= first and condition(), seconds):
                raise Unplayed(f"waited {seconds} s until {what}")

    def states(self, number):
        """The states of a job, of each task or component of it."""
        begin = re.compile(rf"{re.escape(number)}([_+]|$)")
        return [state for job, state in self.jobs.items() if begin.match(job)]

    def active(self):
        """The numbers of jobs that are not at their end."""
        return {re.match(r"\d+", job)[0]
                for job, state in self.jobs.items() if state not in OVER}

    def rows_of(self, number):
        """All rows of a job, an array or a het job."""
        number = int(number)
        return [row for row in self.rows
                if number in (row.id_job, row.id_array_job, row.het_job_id)]


class Daemon:
    """One of the lab's servers, which may be ended and started again."""

    def __init__(self, name):
        self.folder = pathlib.Path(os.environ["LAB_DIR"])
        self.pid_file = self.folder / "pid" / name
        self.name = name
        self.pid = int(self.pid_file.read_text())
        self.process = None
        self.command = self.words("cmdline")
        self.environment = dict(word.split("=", 1)
                                for word in self.words("environ"))

    def words(self, what):
        """What /proc says of the server."""
        data = pathlib.Path(f"/proc/{self.pid}/{what}").read_bytes()
        return data.decode().split("\0")[:-1]

    def is_gone(self):
        """Whether its process has ended."""
        if self.process:
            return self.process.poll() is not None
        return not pathlib.Path(f"/proc/{self.pid}").exists()

    def end(self, number=signal.SIGTERM):
        """Ends it by a signal."""
        os.kill(self.pid, number)
        wait_for(f"{self.name} ends", self.is_gone)

    def start(self, *more):
        """Starts it again."""
        with open(self.folder / f"log/{self.name}.again", "ab") as log:
            self.process = subprocess.Popen(
                [*self.command, *more], stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, cwd=self.folder, env=self.environment,
                start_new_session=True)
        self.pid = self.process.pid
        self.pid_file.write_text(f"{self.pid}\n")


class Watcher:
    """The program under test: it watches partition critical."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.work = cluster.work
        self.store = self.work / "incidents.db"
        self.conf = self.work / "watcher.conf"
        self.log = self.work / "watcher.log"
        self.process = None

    def configure(self):
        """Makes its account and its configuration."""
        grants = (SOURCE / "conf/grants.sql").read_text()
        self.cluster.sql("CREATE USER watcher@localhost IDENTIFIED BY 'w';"
                         + grants)
        password = self.work / "password"
        password.touch(0o600)
        password.write_text("w\n")
        self.conf.write_text(f"""
[slurmdbd]
socket = {os.environ['LAB_SOCKET']}
user = watcher
password_file = {password}
[protect]
partitions = critical
[watch]
poll = 1s
[store]
path = {self.store}
[slurm]
conf = {os.environ['SLURM_CONF']}
""")

    def start(self):
        """Starts it, and waits for its first pass."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [BUILD / "watcher/watcher", "-v", "-c", self.conf, "run"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_for("the watcher makes a pass", self.last_pass, 60)

    def last_pass(self):
        """When it made its last pass, by the database's clock; 0: never."""
        with contextlib.suppress(sqlite3.OperationalError), \
                contextlib.closing(sqlite3.connect(
                    f"file:{self.store}?mode=ro", uri=True)) as store:
            row = store.execute("SELECT last_pass FROM cluster").fetchone()
            return row[0] if row else 0
        return 0

    @contextlib.contextmanager
    def blind(self):
        """It does not run meanwhile."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def incidents(self):
        """All it has found, as watcher-report tells it; what it took back
        is no claim."""
        out = subprocess.run(
            [BUILD / "reports/watcher-report", "-s", self.store, "export",
             "--format", "json", "--suspected", "--exempt", "--corrected"],
            stdout=subprocess.PIPE, check=True).stdout
        found = [one for one in json.loads(out)
                 if one["correction"] != "cleared"]
        for one in found:
            if (one["confidence"], one["correction"]) == (
                    "suspected", "confirmed"):
                one.update(confidence="confirmed", correction="")
        return found

    def stop(self):
        """Ends it; whether it had run until then and ended well."""
        if not self.process or self.process.poll() is not None:
            return False
        self.process.terminate()
        return self.process.wait(60) == 0


class Cluster:
    """Slurm, its database, and the watcher."""

    def __init__(self):
        self.folder = pathlib.Path(os.environ["LAB_DIR"])
        self.home = self.folder / "home/alice"
        self.work = self.folder / "truth"
        self.work.mkdir()
        # Not more commands at a time than a small machine takes.
        self.turns = threading.BoundedSemaphore(6)
        version = self.run("root", "sbatch", "--version")
        self.version = tuple(int(number) for number in re.search(
            r"(\d+)\.(\d+)", version).groups())
        self.slurmctld = Daemon("slurmctld")
        self.slurmdbd = Daemon("slurmdbd")
        self.watcher = Watcher(self)
        self.board = Board(self)

    def open(self):
        """Begins to watch. Account led has a coordinator, bob."""
        self.run("root", "scontrol", "create", "reservation",
                 "ReservationName=apart", "StartTime=now", "Duration=infinite",
                 "Nodes=n3,n4,n5", "Users=root,alice,bob")
        for words in (["account", "led"], ["user", "alice", "account=led"],
                      ["coordinator", "account=led", "names=bob"]):
            self.run("root", "sacctmgr", "-i", "add", *words)
        self.watcher.configure()
        self.watcher.start()
        self.board.start()

    def close(self):
        """Whether the watcher ended well."""
        self.board.over = True
        if self.board.is_alive():
            self.board.join()
        return self.watcher.stop()

    def run(self, user, *command, check=True):
        """Runs a command as a user: what it printed."""
        words = [str(word) for word in command]
        with self.turns:
            out = subprocess.run(
                words if user == "root" else [LAB / "as", user, *words],
                stdin=subprocess.DEVNULL, capture_output=True, text=True,
                check=False)
        if check and out.returncode:
            raise Unplayed(f"{user}: {' '.join(words)}: {out.stderr.strip()}")
        return out.stdout

    def sql(self, text):
        """The rows that the database has for this, each a list of words."""
        out = subprocess.run(
            ["mariadb", "--no-defaults", "--user=root", "--batch",
             f"--socket={os.environ['LAB_SOCKET']}", "--skip-column-names",
             "slurm_acct_db"], input=text, capture_output=True, text=True,
            check=False)
        if out.returncode:
            raise Unplayed(f"mariadb: {out.stderr.strip()}")
        return [line.split("\t") for line in out.stdout.splitlines()]

    def is_up(self):
        """Whether slurmctld answers, and has the nodes that all use."""
        with contextlib.suppress(Unplayed):
            self.run("root", "scontrol", "ping")
            states = self.run("root", "sinfo", "--noheader", "--Node",
                              "--nodes=n1,n2", "--format=%T").split()
            return bool(states) and {"idle", "mixed"}.issuperset(states)
        return False

    def start_slurmctld(self, *options):
        """Starts it again."""
        self.slurmctld.start(*options)
        wait_for("slurmctld is back", self.is_up)

    def restart_slurmctld(self, number=signal.SIGTERM):
        """Ends it by a signal and starts it again."""
        self.slurmctld.end(number)
        self.start_slurmctld()

    def clear(self):
        """Root ends whatever is not at its end."""
        def is_clear():
            jobs = self.board.active()
            if jobs:
                self.run("root", "scancel", *sorted(jobs), check=False)
            return not jobs
        self.board.wait("all jobs are at their end", is_clear)
