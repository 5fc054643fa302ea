# SPDX-License-Identifier: GPL-2.0-or-later
"""An owner's ways around a plain cancellation: tasks of an array, another
partition first, signals, limits, requeueing."""
from cluster import apart
from scene import SIGNALLED, STUBBORN
from table import scenario
from want import CONFIRMED, SUSPECTED

STEP = """srun sh -c ': >$SLURM_JOB_ID.up; exec sleep 600'
sleep 2"""
STEP_MATTERS = """srun sh -c ': >$SLURM_JOB_ID.up; exec sleep 600' || exit 1
sleep 2"""
FULL = (*apart("n3"), "--nice=10000")


def signal(s, role, *words):
    """Alice sends a signal to a job whose script has begun: before, it would
    be lost. Returns the job, that ends."""
    job = s.submit(role, script=SIGNALLED)
    s.up(job)
    s.scancel(*words, job)
    s.over(job)
    return job


def scancel_step(s, job):
    """Alice cancels a step. scancel asks slurmd and then slurmctld, which may
    not have it any more: its exit code tells nothing."""
    s.alice("scancel", f"{job}.0", check=False)


@scenario("06")
def task(s):
    """owner cancels a pending task of an array that runs"""
    job = s.submit("array", "--array=1-6%1")
    s.running(job.task(1))
    s.seen(job)
    s.scancel(job.task(3))
    s.withdrawn(job, 3)
    s.suspected("tasks-withdrawn", "pending", job.task(3))


@scenario("06b")
def task_held(s):
    """owner cancels a task of a held array, whose rest runs later"""
    job = s.submit("array", "--array=1-3", "--hold", script="sleep 1")
    s.seen(job)
    s.scancel(job.task(2))
    s.withdrawn(job, 2)
    s.root("scontrol", "release", job)
    s.completed(job.task(1), job.task(3))
    s.suspected("tasks-withdrawn", "pending", job.task(2))


@scenario("06c")
def task_unwritten(s):
    """owner cancels a task of a held array, whose rest runs at once

    Its row may never have said that there are less tasks."""
    job = s.submit("array", "--array=1-3", "--hold", script="sleep 1")
    s.seen(job)
    s.scancel(job.task(2))
    s.root("scontrol", "release", job)
    s.completed(job.task(1), job.task(3))
    s.suspected("tasks-withdrawn", "pending", job.task(2))


@scenario("07")
def tasks(s):
    """owner cancels a range of pending tasks"""
    job = s.submit("array", "--array=1-6%1")
    s.running(job.task(1))
    s.seen(job)
    s.scancel(job.tasks("5-6"))
    s.withdrawn(job, 5, 6)
    s.suspected("tasks-withdrawn", "pending", job.tasks("5-6"), tasks=2)


@scenario("10a")
def moved(s):
    """owner moves a pending job critical->open and cancels it at once"""
    job = s.one_held()
    s.seen(job)
    s.update(job, "Partition=open")
    s.scancel(job)
    s.want(job, "moved", "pending")


@scenario("10b")
def moved_long(s):
    """owner moves a pending job critical->open, waits, cancels it"""
    job = s.one_held()
    s.seen(job)
    s.update(job, "Partition=open")
    s.seen(job)
    s.seen(job)
    s.scancel(job)
    s.want(job, "moved", "pending")


@scenario("10c")
def moved_waiting(s):
    """the same with a job that waits for resources"""
    job = s.submit("job", *FULL)
    s.pending(job)
    s.seen(job)
    s.update(job, "Partition=open")
    s.scancel(job)
    s.want(job, "moved", "pending")


@scenario("10n")
def never_there(s):
    """owner cancels a job of open that never was on critical"""
    s.scancel(s.one_held(partition="open"))


@scenario("10s", alone=True)
def moved_unseen(s):
    """owner moves a job and cancels it while nobody watches

    From 21.08 on the command line of sbatch still tells of it."""
    with s.cluster.watcher.blind():
        job = s.one_held()
        s.written(job)
        s.update(job, "Partition=open")
        s.scancel(job)
        s.over(job)
        s.cancelled_by(s.uid, job)
    if s.version >= (21, 8):
        s.suspected("moved", "pending", job)


@scenario("12", whole=True)
def limit(s):
    """owner sets TimeLimit=1 on a running job"""
    job = s.one("--time=60")
    s.seen(job)
    s.update(job, "TimeLimit=1")
    s.state(job, "TIMEOUT")
    s.suspected("limit-cut", "running", job)


@scenario("12b")
def end_now(s):
    """owner sets EndTime=now on a running job"""
    job = s.one("--time=60")
    s.seen(job)
    s.update(job, "EndTime=now")
    s.state(job, "TIMEOUT")
    s.suspected("limit-cut", "running", job)


@scenario("12r", whole=True)
def limit_by_root(s):
    """root sets TimeLimit=1 on a running job

    Accounting cannot tell whose hand it was."""
    job = s.one("--time=60")
    s.seen(job)
    s.update(job, "TimeLimit=1", by=s.root)
    s.state(job, "TIMEOUT")
    s.suspected("limit-cut", "running", job)


@scenario("14")
def term_batch(s):
    """owner ends a job by scancel --batch -s TERM"""
    job = signal(s, "job", "--batch", "-s", "TERM")
    s.suspected("signalled", "running", job)


@scenario("14b")
def kill_batch(s):
    """owner ends a job by scancel --batch -s KILL"""
    job = signal(s, "job", "--batch", "-s", "KILL")
    s.want(job, "signalled", "running")


@scenario("15")
def term_full(s):
    """owner ends a job by scancel -s TERM --full"""
    job = signal(s, "job", "-s", "TERM", "--full")
    s.suspected("signalled", "running", job)


@scenario("15b")
def term_steps(s):
    """owner signals the steps of a job (scancel -s TERM), which goes on"""
    job = s.one(script=STEP)
    s.up(job)
    s.scancel("-s", "TERM", job)
    s.completed(job)


@scenario("15c")
def int_full(s):
    """owner ends jobs by scancel --full: -s INT; -s KILL"""
    by_int = signal(s, "int", "-s", "INT", "--full")
    by_kill = signal(s, "kill", "-s", "KILL", "--full")
    s.suspected("signalled", "running", by_int)
    s.confirmed("running", by_kill)


@scenario("16")
def step(s):
    """owner cancels a step; the job goes on and completes"""
    job = s.one(script=STEP)
    s.up(job)
    scancel_step(s, job)
    s.completed(job)


@scenario("16f")
def step_that_matters(s):
    """owner cancels a step, and the job fails for it"""
    job = s.one(script=STEP_MATTERS)
    s.up(job)
    scancel_step(s, job)
    s.state(job, "FAILED")
    s.want(job, "step-cancelled", "running")


@scenario("17")
def requeue(s):
    """owner requeues a running job"""
    job = s.one()
    s.written(job)
    s.alice("scontrol", "requeue", job)
    s.pending(job)


@scenario("18")
def requeue_cancel(s):
    """owner requeues a job and cancels it while it is COMPLETING"""
    job = s.one(script=STUBBORN)
    s.up(job)
    s.written(job)
    s.alice("scontrol", "requeue", job)
    s.scancel(job)
    s.over(job)
    s.suspected("requeue-cancelled", "running", job)


@scenario("18b")
def requeue_wait_cancel(s):
    """owner requeues a job, waits until it is PENDING, cancels it"""
    job = s.one()
    s.written(job)
    s.alice("scontrol", "requeue", job)
    s.pending(job)
    s.scancel(job)
    s.confirmed("pending", job)


@scenario("45")
def cancel_requeue(s):
    """owner cancels and requeues in one go: running; pending"""
    jobs = [s.submit("running"), s.submit("held", "--hold")]
    s.running(jobs[0])
    s.written(*jobs)
    for job, phase in zip(jobs, ("running", "pending")):
        s.alice("sh", "-c", 'scancel "$0"; scontrol requeue "$0"', job)
        s.want(job, ("cancelled", "rewritten"), phase)
    s.pending(*jobs)
    s.written(*jobs)


@scenario("F1c")
def twice(s):
    """owner cancels a job; root restores it; owner cancels it again"""
    job = s.one()
    s.scancel(job)
    s.over(job)
    s.cancelled_by(s.uid, job)
    s.seen(job)
    s.confirmed("running", job)
    s.restore(job)
    s.running(job)
    s.seen(job)
    s.scancel(job)
    s.over(job)
    s.confirmed("running", job, confidence=(CONFIRMED, SUSPECTED))
