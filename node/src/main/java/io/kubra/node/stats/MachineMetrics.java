package io.kubra.node.stats;

import io.kubra.metrics.MetricText;
import io.kubra.metrics.MetricType;
import io.kubra.node.system.HostFacts;

/** What cAdvisor says of the machine as a whole: its processors and its memory. */
final class MachineMetrics {
  private MachineMetrics() {}

  /** Writes all families. */
  static void write(MetricText out) {
    String[] machine = {
      "boot_id", HostFacts.bootId(),
      "machine_id", HostFacts.machineId(),
      "system_uuid", HostFacts.systemUuid()
    };
    one(
        out,
        "machine_cpu_cores",
        "Number of logical CPU cores.",
        Runtime.getRuntime().availableProcessors(),
        machine);
    one(
        out,
        "machine_memory_bytes",
        "Amount of memory installed on the machine.",
        HostFacts.memory("MemTotal"),
        machine);
    one(
        out,
        "machine_swap_bytes",
        "Amount of swap memory available on the machine.",
        HostFacts.memory("SwapTotal"),
        machine);
    one(
        out,
        "machine_scrape_error",
        "1 if there was an error while getting machine metrics, 0 otherwise.",
        0);
    one(
        out,
        "cadvisor_version_info",
        "A metric with a constant '1' value labeled by kernel version, OS version, docker version,"
            + " cadvisor version & cadvisor revision.",
        1,
        "cadvisorRevision",
        "",
        "cadvisorVersion",
        "",
        "dockerVersion",
        "",
        "kernelVersion",
        HostFacts.kernelVersion(),
        "osVersion",
        HostFacts.osImage());
  }

  private static void one(
      MetricText out, String name, String help, double value, String... labels) {
    out.family(name, MetricType.GAUGE, help);
    out.sample(value, labels);
  }
}
