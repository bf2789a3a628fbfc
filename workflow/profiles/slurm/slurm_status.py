#!/usr/bin/env python3
"""Tells Snakemake what became of a Slurm job: success, running or failed.

Clusters without accounting have no sacct, so this asks scontrol, which knows a
job for MinJobAge seconds after its end.
"""
import re
import subprocess
import sys

RUNNING = {
    "PENDING", "CONFIGURING", "RUNNING", "COMPLETING", "SUSPENDED", "REQUEUED",
    "REQUEUE_HOLD", "RESIZING", "STAGE_OUT", "SIGNALING", "STOPPED",
}
# What scontrol says of a job that ended long ago, or never was.
FORGOTTEN = "Invalid job id"


def state_of(job):
    """The state of a job; RUNNING where the controller can't be asked."""
    command = ["scontrol", "--oneliner", "show", "job", job]
    result = subprocess.run(command, capture_output=True, text=True)
    match = re.search(r"\bJobState=(\w+)", result.stdout)
    if match:
        return match.group(1)
    return None if FORGOTTEN in result.stderr else "RUNNING"


def main():
    # sbatch --parsable may print the cluster behind a semicolon.
    state = state_of(sys.argv[1].split(";")[0])
    if state == "COMPLETED":
        print("success")
    elif state in RUNNING:
        print("running")
    else:
        print("failed")


if __name__ == "__main__":
    main()
