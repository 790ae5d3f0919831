package io.kubra.cli.local;

import io.kubra.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Removes a cluster: first what runs, then what it left. Safe to repeat after an interruption. */
public final class ClusterStop {
  private static final Duration GRACE = Duration.ofSeconds(3);
  private static final int MOST_WORKERS = 50;

  private final LocalCluster cluster;
  private final Steps steps;

  /** A removal that reports its steps. */
  public ClusterStop(LocalCluster cluster, Steps steps) {
    this.cluster = cluster;
    this.steps = steps;
  }

  /** Does it. */
  public void run() {
    steps.run(
        "stopping cluster " + cluster.name(),
        () -> {
          List<Machine> machines = machinesOnDisk(cluster);
          machines.forEach(machine -> machine.agent().stop(Duration.ZERO));
          cluster.server().stop(GRACE);
          killAll(cluster.cgroup());
        });
    steps.run(
        "removing networks, mounts and cgroups",
        () -> {
          machinesOnDisk(cluster).forEach(Machine::remove);
          HostNetwork network = new HostNetwork(cluster);
          network.remove();
          Mounts.unmountBelow(cluster.run());
          Mounts.unmountBelow(cluster.state());
          Cgroups.remove(cluster.cgroup());
        });
    steps.run(
        "removing data",
        () -> {
          Folders.delete(cluster.run());
          Folders.delete(cluster.state());
        });
    if (LocalClusters.all().isEmpty()) {
      HostNetwork.restoreForwarding();
      Cgroups.remove("kubra");
      removeIfEmpty(LocalCluster.stateRoot());
      removeIfEmpty(LocalCluster.runRoot());
    }
  }

  /** The machines that this cluster has or had, by the folders they left. */
  static List<Machine> machinesOnDisk(LocalCluster cluster) {
    return new LocalCluster(
            cluster.name(), cluster.index(), cluster.configuration().withWorkers(MOST_WORKERS))
        .machines().stream().filter(machine -> Files.isDirectory(machine.disk())).toList();
  }

  static void removeMachine(Machine machine) {
    machine.agent().stop(Duration.ZERO);
    killAll(machine.cgroup());
    machine.remove();
    Mounts.unmountBelow(machine.run());
    Mounts.unmountBelow(machine.disk());
    Cgroups.remove(machine.cgroup());
    Folders.delete(machine.run());
    Folders.delete(machine.disk());
  }

  /** Ends every process of a cgroup subtree, those that containers have started included. */
  private static void killAll(String cgroup) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    for (Set<Long> pids = Cgroups.processes(cgroup);
        !pids.isEmpty();
        pids = Cgroups.processes(cgroup)) {
      if (System.nanoTime() > end) {
        throw new CliException("these processes do not end: " + pids);
      }
      for (long pid : pids) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  private static void removeIfEmpty(Path folder) {
    try {
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // Something of somebody else's lies in it.
      return;
    }
  }
}
