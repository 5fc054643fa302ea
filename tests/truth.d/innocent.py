# SPDX-License-Identifier: GPL-2.0-or-later
"""Ends of jobs that are not their owner's doing, or no loss: nothing may be
claimed of them."""
from cluster import apart
from scene import STUBBORN
from table import scenario


@scenario("02")
def root(s):
    """root cancels jobs: running; pending"""
    job = s.submit("running")
    held = s.submit("held", "--hold")
    s.running(job)
    s.root("scancel", job, held)
    s.over(job, held)


@scenario("12n", whole=True)
def limit(s):
    """a job runs into the limit it was submitted with"""
    s.state(s.one("--time=1"), "TIMEOUT")


@scenario("14n")
def failing(s):
    """scripts fail: exit 1; exit 143; SIGSEGV"""
    jobs = [s.submit("one", script="exit 1"),
            s.submit("many", script="exit 143"),
            s.submit("segv", script="kill -s SEGV $$")]
    s.over(*jobs)


@scenario("23b")
def salloc(s):
    """the commands of sallocs end: 0; 3"""
    jobs = [s.begin(f"exit{code}", "salloc", "sh", "-c",
                    f"sleep 3; exit {code}") for code in (0, 3)]
    s.over(*jobs)


@scenario("24")
def denied(s):
    """bob may not cancel a job of alice"""
    job = s.one(script="sleep 4")
    s.bob("scancel", job, check=False)
    s.completed(job)


@scenario("25")
def coordinator(s):
    """bob, coordinator of the account, cancels a job of alice"""
    job = s.one("--account=led")
    s.bob("scancel", job)
    s.over(job)


@scenario("26")
def dependency(s):
    """owner cancels a job, Slurm the one that depends on it"""
    parent = s.submit("parent")
    child = s.submit("child", f"--dependency=afterok:{parent}",
                     "--kill-on-invalid-dep=yes")
    s.running(parent)
    s.pending(child)
    s.scancel(parent)
    s.over(parent, child)
    s.confirmed("running", parent)


@scenario("27")
def deadline(s):
    """a deadline that cannot be met"""
    job = s.submit("job", *apart("n3"), "--time=1", "--deadline=now+75")
    s.state(job, "DEADLINE")


@scenario("28")
def node(s):
    """a node fails under jobs; owner cancels the one that is requeued"""
    lost = s.submit("lost", *apart("n4"), "--no-requeue")
    back = s.submit("back", *apart("n4"))
    s.running(lost, back)
    s.written(lost, back)
    s.root("scontrol", "update", "NodeName=n4", "State=DOWN", "Reason=test")
    s.over(lost)
    s.pending(back)
    s.root("scontrol", "update", "NodeName=n4", "State=RESUME",
           check=False)
    s.scancel(back)
    s.confirmed("pending", back)


@scenario("29o")
def suspend(s):
    """owner suspends a job (denied before 26.05), which completes later"""
    job = s.one(script="sleep 5")
    s.alice("scontrol", "suspend", job, check=False)
    s.seen(job)
    s.root("scontrol", "resume", job, check=False)
    s.completed(job)


@scenario("32b")
def edit(s):
    """owner edits a running job, which completes"""
    job = s.one(script="sleep 6")
    s.update(job, f"JobName={s.name('renamed')}")
    s.update(job, "Comment=edited")
    s.update(job, "AdminComment=edited", by=s.root)
    s.completed(job)


@scenario("33")
def preempted(s):
    """a partition of higher priority takes the node: requeue; --no-requeue"""
    jobs = [s.submit("requeued", *apart("n5")),
            s.submit("killed", *apart("n5"), "--no-requeue")]
    s.running(*jobs)
    s.written(*jobs)
    urgent = s.submit("urgent", *apart("n5"), "--exclusive",
                      partition="urgent", script="sleep 1", by=s.bob)
    s.pending(jobs[0])
    s.over(jobs[1])
    s.completed(urgent)


@scenario("36b")
def by_root_for(s):
    """root submits for the owner (sbatch --uid --gid): it completes"""
    job = s.submit("job", "--uid=alice", "--gid=alice", script="sleep 1",
                   by=s.root)
    s.completed(job)


@scenario("41b")
def first_root(s):
    """root, then the owner cancel a job that outlives SIGTERM"""
    job = s.one(script=STUBBORN)
    s.up(job)
    s.root("scancel", job)
    s.scancel(job)
    s.over(job)


@scenario("42")
def finished(s):
    """owner cancels jobs that have ended: completed; failed"""
    jobs = [s.submit("good", script="exit 0"),
            s.submit("bad", script="exit 1")]
    s.over(*jobs)
    s.alice("scancel", *jobs, check=False)


@scenario("noise")
def noise(s):
    """thirty jobs end well or badly; bob cancels one of his on open"""
    array = s.submit("array", "--array=1-30",
                     script="sleep 1; exit $((SLURM_ARRAY_TASK_ID % 3))")
    bobs = s.submit("bob", "--hold", partition="open", by=s.bob)
    good = s.submit("good", script="sleep 1", by=s.bob)
    s.bob("scancel", bobs)
    s.over(array, bobs)
    s.completed(good)
