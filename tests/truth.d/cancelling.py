# SPDX-License-Identifier: GPL-2.0-or-later
"""Plain cancellations by the owner: jobs, arrays and het jobs, from a prompt,
a script or by Ctrl-C."""
from cluster import apart
from scene import STUBBORN
from table import scenario

TRAP = """trap "exit 0" TERM
: >$SLURM_JOB_ID.up
sleep 600 &
wait"""

# Asks for a node that is full.
FULL = (*apart("n3"), "--nice=10000")


@scenario("01")
def running(s):
    """owner cancels a running job"""
    job = s.one()
    s.scancel(job)
    s.confirmed("running", job)


@scenario("03")
def pending(s):
    """owner cancels pending jobs: held; waiting for resources"""
    held = s.submit("held", "--hold")
    waiting = s.submit("waiting", *FULL)
    s.pending(held, waiting)
    s.scancel(held, waiting)
    s.confirmed("pending", held, waiting)


@scenario("04")
def begin(s):
    """owner cancels a job that waits for --begin"""
    job = s.submit("job", "--begin=now+1hour")
    s.scancel(job)
    s.confirmed("pending", job)


@scenario("05")
def array(s):
    """owner cancels an array of which some tasks run"""
    job = s.submit("array", "--array=1-5%2")
    s.running(job.task(1), job.task(2))
    s.scancel(job)
    s.confirmed("running", job.task(1), job.task(2), event="array")
    s.confirmed("pending", job.tasks("3-5"), tasks=3, event="array")


@scenario("05b")
def array_pending(s):
    """owner cancels an array that waits"""
    job = s.submit("array", "--array=1-5", "--hold")
    s.scancel(job)
    s.confirmed("pending", job.tasks("1-5"), tasks=5)


@scenario("05c")
def array_task(s):
    """owner cancels a running task of an array"""
    job = s.submit("array", "--array=1-2")
    s.running(job)
    s.scancel(job.task(1))
    s.over(job.task(1))
    s.confirmed("running", job.task(1))


@scenario("08")
def het(s):
    """owner cancels a running het job (critical : open)"""
    job = s.submit_het("het", ["critical", "open"])
    s.running(job)
    s.scancel(job)
    s.confirmed("running", job.part(0))


@scenario("08b")
def het_pending(s):
    """owner cancels a pending het job (critical : open)"""
    job = s.submit_het("het", ["critical", "open"], "--hold")
    s.pending(job)
    s.scancel(job)
    s.confirmed("pending", job.part(0))


@scenario("08c")
def het_component(s):
    """owner cancels a component of a running het job (open : critical)"""
    job = s.submit_het("het", ["open", "critical"])
    s.running(job)
    s.scancel(job.part(1))
    s.over(job.part(1))
    s.confirmed("running", job.part(1))


@scenario("08d")
def het_other_pending(s):
    """owner cancels pending het jobs (open : critical): held; --begin"""
    held = s.submit_het("held", ["open", "critical"], "--hold")
    later = s.submit_het("later", ["open", "critical"], "--begin=now+1hour")
    s.pending(held, later)
    s.scancel(held, later)
    s.confirmed("pending", held.part(1), later.part(1))


@scenario("08e")
def het_other(s):
    """owner cancels a running het job (open : critical)"""
    job = s.submit_het("het", ["open", "critical"])
    s.running(job)
    s.scancel(job)
    s.confirmed("running", job.part(1))


@scenario("09")
def partitions_pending(s):
    """owner cancels a pending job of two partitions (critical,open)"""
    job = s.one_held(partition="critical,open")
    s.scancel(job)
    s.confirmed("pending", job)


@scenario("09b")
def partitions(s):
    """owner cancels a job of two partitions that runs on critical"""
    job = s.one(partition="closed,critical")
    s.scancel(job)
    s.confirmed("running", job)


@scenario("11")
def moved_in(s):
    """owner moves a pending job open->critical and cancels it"""
    job = s.one_held(partition="open")
    s.seen(job)
    s.update(job, "Partition=critical")
    s.scancel(job)
    s.confirmed("pending", job)


@scenario("13")
def kill(s):
    """owner cancels with scancel -s KILL"""
    job = s.one()
    s.scancel("-s", "KILL", job)
    s.confirmed("running", job)


@scenario("21")
def by_script(s):
    """the job's own script runs scancel"""
    job = s.submit("job", script="scancel $SLURM_JOB_ID\nsleep 600")
    s.over(job)
    s.confirmed("running", job)


@scenario("22a")
def srun(s):
    """Ctrl-C twice on an srun that runs

    The second ends the job, after a SIGINT of which its task may die first."""
    job = s.begin("srun", "srun", "sh", "-c",
                  ": >$SLURM_JOB_ID.up; exec sleep 600")
    s.up(job)
    s.interrupt(job, 2)
    s.over(job)
    s.ended(job)
    if s.rows(job)[-1].kill_requid == s.uid:
        s.confirmed("running", job)
    else:
        s.suspected("signalled", "running", job)


@scenario("22b")
def srun_pending(s):
    """Ctrl-C on an srun that waits"""
    job = s.begin("srun", "srun", *FULL, "sleep", "600")
    s.pending(job)
    s.interrupt(job, 1)
    s.confirmed("pending", job)


@scenario("22c")
def salloc_pending(s):
    """Ctrl-C on a salloc that waits"""
    job = s.begin("salloc", "salloc", *FULL, "sleep", "600")
    s.pending(job)
    s.interrupt(job, 1)
    s.confirmed("pending", job)


@scenario("23a")
def salloc(s):
    """owner cancels a salloc that runs"""
    job = s.begin("salloc", "salloc", "--kill-command", "sleep", "600")
    s.running(job)
    s.scancel(job)
    s.confirmed("running", job)


@scenario("29")
def suspended(s):
    """root suspends a job, its owner cancels it: at once; later

    Its row does not say that it was suspended once it is cancelled."""
    jobs = s.several("once", "later")
    s.seen(*jobs)
    s.root("scontrol", "suspend", ",".join(map(str, jobs)))
    s.state(jobs[0], "SUSPENDED")
    s.scancel(jobs[0])
    s.state(jobs[1], "SUSPENDED")
    s.seen(jobs[1])
    s.scancel(jobs[1])
    s.confirmed(("running", "suspended"), jobs[0])
    s.confirmed("suspended", jobs[1])


@scenario("32")
def edited(s):
    """owner edits a job after having cancelled it"""
    job = s.one()
    s.scancel(job)
    s.over(job)
    s.seen(job)
    s.alice("sacctmgr", "-i", "modify", "job", "where", f"jobid={job}",
            "cluster=lab", "set", "derivedexitcode=3", check=False)
    s.confirmed("running", job)


@scenario("34", alone=True)
def all_of_partition(s):
    """owner cancels all of theirs on critical: scancel --user --partition"""
    first, second = s.several("first", "second")
    held = s.one_held()
    s.several("open", partition="open")
    s.scancel("--user=alice", "--partition=critical")
    s.over(first, second, held)
    s.confirmed("running", first, second)
    s.confirmed("pending", held)


@scenario("35")
def ctld(s):
    """owner cancels with scancel --ctld: running; pending"""
    job = s.submit("running")
    held = s.submit("held", "--hold")
    s.running(job)
    s.scancel("--ctld", job, held)
    s.confirmed("running", job)
    s.confirmed("pending", held)


@scenario("36")
def by_root_for(s):
    """root submits for the owner (sbatch --uid), who cancels"""
    job = s.one("--uid=alice", f"--chdir={s.cluster.home}", by=s.root)
    s.scancel(job)
    s.confirmed("running", job)


@scenario("38")
def held_again(s):
    """owner holds and requeueholds a running job, then cancels it"""
    job = s.one()
    s.seen(job)
    s.alice("scontrol", "hold", job, check=False)
    s.alice("scontrol", "requeuehold", job)
    s.pending(job)
    s.seen(job)
    s.scancel(job)
    s.confirmed("pending", job)


@scenario("39")
def shrunk(s):
    """owner shrinks a running job to one node, then cancels it"""
    job = s.one("--nodes=2")
    s.seen(job)
    s.update(job, "NumNodes=1")
    s.seen(job)
    s.scancel(job)
    s.confirmed("running", job)


@scenario("41a")
def first_owner(s):
    """owner, then root cancel a job that outlives SIGTERM"""
    job = s.one(script=STUBBORN)
    s.up(job)
    s.scancel(job)
    s.root("scancel", job)
    s.over(job)
    s.confirmed("running", job)


@scenario("43")
def trap(s):
    """owner cancels a job that ends well on SIGTERM"""
    job = s.one(script=TRAP)
    s.up(job)
    s.scancel(job)
    s.confirmed("running", job)
