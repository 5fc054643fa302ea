# SPDX-License-Identifier: GPL-2.0-or-later
"""Cancelled jobs that are brought back: the cancellation counts once, and what
Slurm still says of it in the restored job's rows counts for nothing."""
from scene import ONCE, STUBBORN
from table import scenario
from want import SUSPECTED

TASKS = f"""[ "$SLURM_ARRAY_TASK_ID" -gt 2 ] || {ONCE}"""


def cancel(s, job, phase="running"):
    """Alice cancels a job, which ends and is seen."""
    s.scancel(job)
    s.over(job)
    s.cancelled_by(s.uid, job)
    s.seen(job)
    s.confirmed(phase, job)


@scenario("19")
def by_owner(s):
    """owner cancels a job and requeues it when it has ended; it completes"""
    job = s.one(script=ONCE)
    cancel(s, job)
    s.alice("scontrol", "requeue", job)
    s.pending(job)
    s.update(job, "StartTime=now", by=s.root)
    s.completed(job)


@scenario("20a")
def running(s):
    """root restores a job that was cancelled while it ran; it completes"""
    job = s.one(script=ONCE)
    cancel(s, job)
    s.restore(job)
    s.completed(job)


@scenario("20b")
def pending(s):
    """root restores a job that was cancelled while it waited"""
    job = s.submit("job", "--begin=now+1hour", script="sleep 1")
    s.pending(job)
    cancel(s, job, "pending")
    s.restore(job)
    s.completed(job)


@scenario("20c")
def no_requeue(s):
    """root may not requeue a job that was submitted with --no-requeue"""
    job = s.one("--no-requeue")
    cancel(s, job)
    s.root("scontrol", "requeue", job, check=False)


@scenario("20d")
def no_requeue_pending(s):
    """the same when it was cancelled while it waited"""
    job = s.one_held("--no-requeue")
    cancel(s, job, "pending")
    s.root("scontrol", "requeue", job, check=False)


@scenario("20e")
def array(s):
    """root restores an array that was cancelled partly running"""
    job = s.submit("array", "--array=1-4%2", script=TASKS)
    s.running(job.task(1), job.task(2))
    s.scancel(job)
    s.over(job)
    s.cancelled_by(s.uid, job, rows=3)
    s.seen(job)
    s.confirmed("running", job.task(1), job.task(2), event="array")
    s.want(job.tasks("3-4"), ("cancelled", "rewritten"), "pending", tasks=2,
           event="array")
    s.restore(job)
    s.completed(job)


@scenario("20f")
def completing(s):
    """root requeues a cancelled job while it is COMPLETING"""
    job = s.one(script=f'[ "$SLURM_RESTART_COUNT" ] && exit\n{STUBBORN}')
    s.up(job)
    s.scancel(job)
    s.root("scontrol", "requeue", job)
    s.pending(job)
    s.update(job, "StartTime=now", by=s.root)
    s.completed(job)
    s.want(job, ("cancelled", "rewritten"), "running")


@scenario("20g")
def requeue_set(s):
    """root sets Requeue=1 on a cancelled --no-requeue job and requeues it"""
    job = s.one("--no-requeue")
    cancel(s, job)
    s.root("scontrol", "update", f"JobId={job}", "Requeue=1", check=False)
    s.root("scontrol", "requeue", job, check=False)


@scenario("20r")
def then_by_root(s):
    """root restores a cancelled job, and cancels it later"""
    job = s.one()
    cancel(s, job)
    s.restore(job)
    s.running(job)
    s.seen(job)
    s.root("scancel", job)
    s.over(job)


@scenario("44")
def stale(s):
    """root restores a cancelled job; Slurm ends it for its dependency

    Slurm still has the owner's uid, and writes it."""
    job = s.one("--kill-on-invalid-dep=yes")
    needed = s.submit("needed", "--hold", partition="open", by=s.root)
    cancel(s, job)
    s.root("scontrol", "requeue", job)
    s.pending(job)
    s.seen(job)
    s.update(job, f"Dependency=afterok:{needed}", by=s.root)
    s.root("scancel", needed)
    s.over(job)
    s.want(job, ("cancelled", "unattributed"), "pending",
           confidence=SUSPECTED, optional=True)


@scenario("46")
def kinds(s):
    """root requeues what was cancelled: srun; het jobs running, pending"""
    srun = s.begin("srun", "srun", "sleep", "600")
    het = s.submit_het("het", ["critical", "open"])
    held = s.submit_het("held", ["critical", "open"], "--hold")
    s.running(srun, het)
    s.pending(held)
    s.scancel(srun, het, held)
    s.over(srun, het, held)
    # From 24.11 on the second row of what never ran does not name its leader.
    s.cancelled_by(s.uid, srun, held)
    s.cancelled_by(s.uid, het, rows=2)
    s.seen(srun, het, held)
    s.confirmed("running", srun, het.part(0))
    s.confirmed("pending", held.part(0))
    s.root("scontrol", "requeue", srun, check=False)
    for job in het, held:
        s.root("scontrol", "requeue", job)
        s.pending(job)
    s.seen(het, held)
