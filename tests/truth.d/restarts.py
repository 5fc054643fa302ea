# SPDX-License-Identifier: GPL-2.0-or-later
"""Daemons that are away, end and start again: what that does to rows, and to
what was seen before. In this order, alone."""
import os
import re
import signal
import subprocess
import time

from cluster import Unplayed, wait_for
from scene import STUBBORN
from table import scenario


def a_pair(s, **more):
    """A job that runs and one that is held, both seen."""
    job = s.submit("running", **more)
    held = s.submit("held", "--hold")
    s.running(job)
    s.pending(held)
    s.seen(job, held)
    return job, held


@scenario("30", alone=True)
def slurmdbd(s):
    """owner cancels while slurmdbd is away: running; pending; new"""
    job, held = a_pair(s)
    by_root = s.several("root")[0]
    s.seen(by_root)
    s.cluster.slurmdbd.end()
    new = s.submit("new", "--hold")
    s.scancel(job, held, new)
    s.root("scancel", by_root)
    s.over(job, held, new, by_root)
    time.sleep(5)
    s.cluster.slurmdbd.start()
    s.cancelled_by(s.uid, job, held, new)
    s.cancelled_by(0, by_root)
    s.confirmed("running", job)
    s.confirmed("pending", held, new)


@scenario("31c", alone=True)
def reconfigure(s):
    """scontrol reconfigure after a cancellation"""
    job, held = a_pair(s)
    s.scancel(job, held)
    s.cancelled_by(s.uid, job, held)
    s.seen(job, held)
    s.root("scontrol", "reconfigure")
    wait_for("slurmctld is back", s.cluster.is_up)
    if s.version >= (23, 11):
        s.cancelled_by(-1, job, held)
    s.seen()
    s.confirmed("running", job)
    s.confirmed("pending", held)


@scenario("31", alone=True)
def slurmctld(s):
    """slurmctld restarts after cancellations, also root's, were seen"""
    job, held = a_pair(s)
    by_root = s.several("root")[0]
    s.scancel(job, held)
    s.root("scancel", by_root)
    s.cancelled_by(s.uid, job, held)
    s.cancelled_by(0, by_root)
    s.seen(job, held, by_root)
    s.cluster.restart_slurmctld()
    s.cancelled_by(-1, job, held, by_root)
    s.seen()
    s.confirmed("running", job)
    s.confirmed("pending", held)


@scenario("31s", alone=True)
def unseen(s):
    """slurmctld restarts after cancellations while nobody watches"""
    job, held = a_pair(s)
    by_root = s.several("root")[0]
    s.root("scancel", by_root)
    s.cancelled_by(0, by_root)
    s.seen(by_root)
    with s.cluster.watcher.blind():
        s.scancel(job, held)
        s.cancelled_by(s.uid, job, held)
        s.cluster.restart_slurmctld()
        s.cancelled_by(-1, job, held, by_root)
    s.suspected("unattributed", "running", job)
    s.suspected("unattributed", "pending", held)


def states_saved(s):
    """Waits until slurmctld has saved the jobs as they are now."""
    saved = s.cluster.folder / "state/job_state"
    now = time.time()
    s.scancel(s.submit("save", "--hold", partition="open"))
    wait_for("slurmctld saves its state",
             lambda: saved.stat().st_mtime > now)
    return saved.parent


@scenario("31b", alone=True)
def killed(s):
    """slurmctld is killed before it saved cancellations"""
    job, held = a_pair(s, script=STUBBORN)
    s.up(job)
    state = states_saved(s)
    before = s.cluster.work / "state"
    subprocess.run(["cp", "-a", state, before], check=True)
    s.scancel(job, held)
    s.cancelled_by(s.uid, job, held)
    s.seen(job, held)
    s.cluster.slurmctld.end(signal.SIGKILL)
    # It saves each five seconds: what it may have saved is undone.
    subprocess.run(["rm", "-rf", state], check=True)
    os.rename(before, state)
    s.cluster.start_slurmctld()
    s.pending(held)
    s.root("scontrol", "release", held)
    s.running(held)
    s.seen()
    s.confirmed("running", job)
    s.confirmed("pending", held, correction="alive")


@scenario("19p", alone=True, whole=True)
def forgotten(s):
    """slurmctld forgets cancelled jobs; they are submitted again"""
    conf = s.cluster.folder / "etc/slurm.conf"
    conf.write_text(re.sub("MinJobAge=.*", "MinJobAge=2", conf.read_text()))
    s.cluster.restart_slurmctld()
    job, held = a_pair(s)
    s.scancel(job, held)
    s.cancelled_by(s.uid, job, held)
    s.seen(job, held)
    s.confirmed("running", job)
    s.confirmed("pending", held)
    s.wait("slurmctld forgets them", lambda: not (
        s.board.states(job.number) or s.board.states(held.number)))
    if s.root("scontrol", "requeue", job, check=False):
        raise Unplayed("a forgotten job was requeued")
    s.running(s.submit("again"))


@scenario("98", alone=True)
def cold(s):
    """slurmctld starts cold (-c) under jobs: running; pending"""
    job, held = a_pair(s)
    s.cluster.slurmctld.end()
    s.cluster.start_slurmctld("-c")
    s.cancelled_by(-1, job, held)
    s.seen()
