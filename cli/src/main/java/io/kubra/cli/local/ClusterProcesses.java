package io.kubra.cli.local;

import io.kubra.cli.process.Daemon;
import java.util.LinkedHashMap;
import java.util.Map;

/** All processes that make up a cluster, by the names that users know them by. */
public final class ClusterProcesses {
  private ClusterProcesses() {}

  /** The server, the managed programs, and containerd and agent of each machine. */
  public static Map<String, Daemon> of(LocalCluster cluster) {
    Map<String, Daemon> processes = new LinkedHashMap<>();
    processes.put("server", cluster.server());
    for (ManagedProgram program : ManagedPrograms.of(cluster)) {
      processes.put(program.label(), program.daemon());
    }
    for (Machine machine : cluster.machines()) {
      for (Daemon daemon : java.util.List.of(machine.containerd(), machine.agent())) {
        processes.put(machine.name() + "/" + daemon.name(), daemon);
      }
    }
    return processes;
  }
}
