# SPDX-License-Identifier: GPL-2.0-or-later
"""What a scenario of tests/truth has in hand: it submits jobs, acts on them
and says which incidents that makes."""
import contextlib
import os
import pwd
import re
import signal
import subprocess
import time

from cluster import BASE, CANCELLED, LAB, OVER, Unplayed, wait_for
from want import SUSPECTED, Job, Piece, Want

# Scripts of jobs. A job tells that it has come so far by a file of its number.
SLEEP = "sleep 600"
SIGNALLED = """: >$SLURM_JOB_ID.up
sleep 600"""
STUBBORN = """trap "" TERM
: >$SLURM_JOB_ID.up
sleep 600"""
ONCE = """[ "$SLURM_RESTART_COUNT" ] || sleep 600
sleep 1"""


class Scene:
    """A scenario as it is played."""

    def __init__(self, cluster, row):
        self.cluster = cluster
        self.board = cluster.board
        self.version = cluster.version
        self.uid = pwd.getpwnam("alice").pw_uid
        self.row = row
        self.jobs = []
        self.wants = []
        self.notes = []
        self.seconds = 0

    # Who does what.

    def root(self, *command, check=True):
        """A command of root's: what it printed."""
        return self.cluster.run("root", *command, check=check)

    def alice(self, *command, check=True):
        """A command of the jobs' owner's."""
        return self.cluster.run("alice", *command, check=check)

    def bob(self, *command, check=True):
        """A command of another user's."""
        return self.cluster.run("bob", *command, check=check)

    def update(self, job, setting, by=None):
        """Alice, or who else, changes a setting of a job."""
        (by or self.alice)("scontrol", "update", f"JobId={job}", setting)

    def name(self, role):
        """The name of a job: by it incidents find their scenario."""
        return f"s{self.row.name}.{role}"

    def script(self, role, text):
        """Writes a job's script: its path."""
        path = self.cluster.home / f"{self.name(role)}.sh"
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return path

    def add(self, role, number, process=None):
        """Notes a job."""
        job = Job(role, number, process)
        self.jobs.append(job)
        return job

    def submit(self, role, *options, partition="critical", script=SLEEP,
               by=None):
        """Alice, or who else, submits a batch job."""
        out = (by or self.alice)(
            "sbatch", "--parsable", "--output=/dev/null",
            f"--job-name={self.name(role)}", f"--partition={partition}",
            *options, self.script(role, script))
        return self.add(role, out.strip().split(";")[0])

    def submit_het(self, role, partitions, *options, script=SLEEP):
        """Alice submits a het job, a component on each of the partitions."""
        words = []
        for partition in partitions:
            words += [":", f"--partition={partition}", "--output=/dev/null",
                      f"--job-name={self.name(role)}", *options]
        out = self.alice("sbatch", "--parsable", *words[1:],
                         self.script(role, script))
        return self.add(role, out.strip().split(";")[0])

    def begin(self, role, program, *options, partition="critical"):
        """Alice begins an srun or salloc, which goes on; squeue has the job's
        number."""
        name = self.name(role)
        process = subprocess.Popen(
            [LAB / "as", "alice", "sh", "-c",
             'echo $$ >"$0.pid"; exec "$@"', name, program,
             f"--job-name={name}", f"--partition={partition}", *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        self.board.wait(f"{program} has a job",
                        lambda: name in self.board.names)
        return self.add(role, self.board.names[name], process)

    def interrupt(self, job, times):
        """Ctrl-C for an srun or salloc, so many within a second; again if
        that was too slow."""
        pid_file = self.cluster.home / f"{self.name(job.label)}.pid"
        pid = int(pid_file.read_text())
        for _ in range(5):
            for _ in range(times):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGINT)
                time.sleep(0.3)
            with contextlib.suppress(subprocess.TimeoutExpired):
                job.process.wait(10)
                return
        raise Unplayed(f"{job.label} is not interrupted")

    # What to wait for.

    def wait(self, what, condition):
        """Waits for a condition on the board."""
        self.board.wait(what, condition)

    def state(self, piece, *states):
        """Waits until a job is in one of the states, and all its parts."""
        def is_so():
            found = self.board.states(str(piece))
            return found and set(found) <= set(states)
        self.wait(f"{piece.label} is {'/'.join(states)}", is_so)

    def running(self, *pieces):
        """Waits until they run."""
        for piece in pieces:
            self.state(piece, "RUNNING")

    def pending(self, *pieces):
        """Waits until they wait."""
        for piece in pieces:
            self.state(piece, "PENDING")

    def over(self, *pieces):
        """Waits until they have ended."""
        for piece in pieces:
            self.state(piece, *OVER)

    def completed(self, *pieces):
        """Waits until they have ended well."""
        for piece in pieces:
            self.over(piece)
            if set(self.board.states(str(piece))) != {"COMPLETED"}:
                raise Unplayed(f"{piece.label} did not complete")

    def up(self, job):
        """Waits until the job's script has come so far."""
        path = self.cluster.home / f"{job.number}.up"
        wait_for(f"{job.label} is up", path.exists)

    def rows(self, job):
        """The rows of a job, or an array, as it was last submitted."""
        rows = self.board.rows_of(job.number)
        return [row for row in rows if row.time_submit == rows[-1].time_submit]

    def written(self, *jobs):
        """Waits until their rows are whole."""
        def is_whole(job):
            rows = self.rows(job)
            return rows and all(row.partition and row.id_user for row in rows)
        for job in jobs:
            self.wait(f"{job.label} has its rows",
                      lambda job=job: is_whole(job))

    def ended(self, *jobs):
        """Waits until their rows say that they have ended."""
        def is_so(job):
            rows = self.rows(job)
            return rows and all(row.time_end for row in rows)
        for job in jobs:
            self.wait(f"{job.label} has ended in its row",
                      lambda job=job: is_so(job))
        self.written(*jobs)

    def withdrawn(self, job, *tasks):
        """Waits until tasks of an array wait no more in its row. Slurm writes
        that with whatever next changes of the array: here, its name."""
        def is_so():
            return not any(row.waiting >> task & 1 for row in self.rows(job)
                           for task in tasks)
        self.root("scontrol", "update", f"JobId={job.number}",
                  f"JobName={self.name(job.label)}-less")
        self.wait(f"{job.label} has less tasks in its row", is_so)
        self.seen(job)

    def cancelled_by(self, uid, *jobs, rows=1):
        """Waits until their rows, so many each, say CANCELLED by that user;
        -1: by nobody."""
        def is_so(job):
            found = self.rows(job)
            return len(found) >= rows and all(
                row.state & BASE == CANCELLED and row.time_end
                and row.kill_requid == uid for row in found)
        for job in jobs:
            self.wait(f"{job.label} is CANCELLED by uid {uid} in its row",
                      lambda job=job: is_so(job))
        self.written(*jobs)

    def seen(self, *jobs):
        """Waits until the watcher has seen the jobs as they are now."""
        self.written(*jobs)
        self.wait("the board is read", lambda: True)
        now = self.board.clock
        self.wait("the watcher makes a pass",
                  lambda: self.board.passed > now + 1)

    # What scenarios do often.

    def several(self, *roles, **more):
        """Jobs that run."""
        jobs = [self.submit(role, **more) for role in roles]
        self.running(*jobs)
        return jobs

    def one(self, *options, **more):
        """A job that runs."""
        job = self.submit("job", *options, **more)
        self.running(job)
        return job

    def one_held(self, *options, **more):
        """A job that is held."""
        job = self.submit("job", "--hold", *options, **more)
        self.pending(job)
        return job

    def scancel(self, *words):
        """Alice's."""
        self.alice("scancel", *words)

    def restore(self, job):
        """Root brings a job back that has ended, or an array."""
        time.sleep(1)  # what starts in the second of its kill is killed again
        self.root("scontrol", "requeue", job, check=False)
        self.pending(job)
        self.update(job, "StartTime=now", by=self.root)

    # What is expected.

    def want(self, piece, kind, phase, **more):
        """An incident is expected."""
        self.wants.append(Want(piece, kind, phase, **more))

    def confirmed(self, phase, *pieces, **more):
        """Cancellations by the owner are expected."""
        for piece in pieces:
            self.want(piece, "cancelled", phase, **more)

    def suspected(self, kind, phase, piece, **more):
        """A suspicion is expected."""
        self.want(piece, kind, phase, confidence=SUSPECTED, **more)

    # The whole of it.

    def play(self):
        """Plays it; when the watcher has seen the end, root clears up."""
        begin = time.monotonic()
        try:
            self.row.play(self)
            self.seen()
        except Unplayed as err:
            self.notes.append(f"not played: {err}")
        except Exception as err:  # in a thread nobody else would hear of it
            self.notes.append(f"not played: {err!r}")
        finally:
            self.clear()
        self.seconds = time.monotonic() - begin

    def clear(self):
        """Root ends what has not ended."""
        for job in self.jobs:
            self.root("scancel", job.number, check=False)
            if job.process:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    job.process.wait(60)

    def compare(self, found):
        """The incidents of its jobs in short, and what is wrong with them."""
        left = list(found)
        wrong = list(self.notes)
        events = {}
        for want in sorted(self.wants, key=lambda want: want.optional):
            met = next((one for one in left if want.is_met_by(one)), None)
            if met:
                left.remove(met)
                events.setdefault(want.event, set()).add(met["event_id"])
            elif not want.optional:
                wrong.append(f"missed: {want}")
        wrong += [f"false claim: {self.words(one)}" for one in left]
        wrong += [f"several events: {event}" for event, ids in events.items()
                  if event and len(ids) > 1]
        return [self.words(one) for one in found], wrong

    def words(self, found):
        """An incident in the words of the table."""
        label = found["job_id"]
        for job in self.jobs:
            label = re.sub(rf"^{job.number}(?![0-9])", job.label, label)
        piece = Piece(label, [found["job_id"]])
        return str(Want(piece, found["kind"], found["phase"], found["tasks"],
                        found["confidence"],
                        correction=found["correction"] or ""))
