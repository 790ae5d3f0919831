package io.kubra.node.stats;

import io.kubra.metrics.MetricText;
import io.kubra.metrics.MetricType;
import io.kubra.node.cgroup.CgroupUsage;
import io.kubra.node.cgroup.CgroupUsage.DeviceIo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Containers' metrics under the names and labels that cAdvisor gives them inside the kubelet: one
 * series for each control group, from the machine's root over the classes and pods down to the
 * containers and sandboxes. Network belongs to the sandbox, whose name is empty.
 */
final class CadvisorMetrics {
  private static final double NANO = 1e9;

  /** Whose a series is. */
  private record Owner(
      String id, String container, String image, String name, String namespace, String pod) {
    String[] labels(String... more) {
      String[] own = {
        "container",
        container,
        "id",
        id,
        "image",
        image,
        "name",
        name,
        "namespace",
        namespace,
        "pod",
        pod
      };
      String[] all = new String[own.length + more.length];
      System.arraycopy(own, 0, all, 0, own.length);
      System.arraycopy(more, 0, all, own.length, more.length);
      return all;
    }
  }

  private static final Owner ROOT = new Owner("/", "", "", "", "", "");

  private record Series(
      Owner owner,
      CgroupUsage usage,
      long startedMillis,
      List<NetworkInterface> network,
      long diskBytes) {}

  private record Family(
      String name, MetricType type, String help, ToDoubleFunction<CgroupUsage> value) {}

  private static final List<Family> FAMILIES =
      List.of(
          counter(
              "cpu_user_seconds_total",
              "Cumulative user cpu time consumed in seconds.",
              u -> u.cpu().user() / NANO),
          counter(
              "cpu_system_seconds_total",
              "Cumulative system cpu time consumed in seconds.",
              u -> u.cpu().system() / NANO),
          counter(
              "cpu_cfs_periods_total",
              "Number of elapsed enforcement period intervals.",
              u -> limited(u, u.cpu().periods())),
          counter(
              "cpu_cfs_throttled_periods_total",
              "Number of throttled period intervals.",
              u -> limited(u, u.cpu().throttledPeriods())),
          counter(
              "cpu_cfs_throttled_seconds_total",
              "Total time duration the container has been throttled.",
              u -> limited(u, u.cpu().throttled() / NANO)),
          gauge(
              "memory_usage_bytes",
              "Current memory usage in bytes, including all memory regardless of when it was"
                  + " accessed",
              u -> u.memory().usage()),
          gauge(
              "memory_working_set_bytes",
              "Current working set in bytes.",
              u -> u.memory().workingSet()),
          gauge("memory_rss", "Size of RSS in bytes.", u -> u.memory().rss()),
          gauge("memory_cache", "Number of bytes of page cache memory.", u -> u.memory().cache()),
          gauge(
              "memory_mapped_file",
              "Size of memory mapped files in bytes.",
              u -> u.memory().mappedFile()),
          gauge("memory_swap", "Container swap usage in bytes.", u -> u.memory().swap()),
          gauge(
              "memory_max_usage_bytes",
              "Maximum memory usage recorded in bytes",
              u -> u.memory().most()),
          counter(
              "memory_failcnt", "Number of memory usage hits limits", u -> u.memory().failures()),
          counter(
              "oom_events_total",
              "Count of out of memory events observed for the container",
              u -> u.memory().oomKills()),
          gauge(
              "processes",
              "Number of processes running inside the container.",
              u -> u.processes().processes()),
          gauge(
              "threads",
              "Number of threads running inside the container",
              u -> u.processes().threads()),
          gauge(
              "threads_max",
              "Maximum number of threads allowed inside the container",
              u -> u.processes().threadsLimit()),
          gauge("spec_cpu_period", "CPU period of the container.", u -> u.cpu().period()),
          gauge("spec_cpu_quota", "CPU quota of the container.", u -> u.cpu().quota()),
          gauge("spec_cpu_shares", "CPU share of the container.", u -> u.cpu().shares()),
          gauge(
              "spec_memory_limit_bytes",
              "Memory limit for the container.",
              u -> u.memory().limit()),
          gauge(
              "spec_memory_reservation_limit_bytes",
              "Memory reservation limit for the container.",
              u -> u.memory().reservation()),
          gauge(
              "spec_memory_swap_limit_bytes",
              "Memory swap limit for the container.",
              u -> u.memory().swapLimit()));

  private record NetworkFamily(
      String name, String help, ToDoubleFunction<NetworkInterface> value) {}

  private static final List<NetworkFamily> NETWORK =
      List.of(
          new NetworkFamily(
              "receive_bytes_total",
              "Cumulative count of bytes received",
              NetworkInterface::receivedBytes),
          new NetworkFamily(
              "receive_packets_total",
              "Cumulative count of packets received",
              NetworkInterface::receivedPackets),
          new NetworkFamily(
              "receive_errors_total",
              "Cumulative count of errors encountered while receiving",
              NetworkInterface::receivedErrors),
          new NetworkFamily(
              "receive_packets_dropped_total",
              "Cumulative count of packets dropped while receiving",
              NetworkInterface::receivedDropped),
          new NetworkFamily(
              "transmit_bytes_total",
              "Cumulative count of bytes transmitted",
              NetworkInterface::sentBytes),
          new NetworkFamily(
              "transmit_packets_total",
              "Cumulative count of packets transmitted",
              NetworkInterface::sentPackets),
          new NetworkFamily(
              "transmit_errors_total",
              "Cumulative count of errors encountered while transmitting",
              NetworkInterface::sentErrors),
          new NetworkFamily(
              "transmit_packets_dropped_total",
              "Cumulative count of packets dropped while transmitting",
              NetworkInterface::sentDropped));

  private record DiskFamily(String name, String help, ToDoubleFunction<DeviceIo> value) {}

  private static final List<DiskFamily> DISKS =
      List.of(
          new DiskFamily(
              "reads_bytes_total", "Cumulative count of bytes read", DeviceIo::readBytes),
          new DiskFamily("reads_total", "Cumulative count of reads completed", DeviceIo::reads),
          new DiskFamily(
              "writes_bytes_total", "Cumulative count of bytes written", DeviceIo::writeBytes),
          new DiskFamily("writes_total", "Cumulative count of writes completed", DeviceIo::writes));

  private final List<Series> series = new ArrayList<>();
  private final long time;
  private final DiskSpace disk;
  private final MetricText out;

  private CadvisorMetrics(
      Usage usage, Map<String, CgroupUsage> tiers, DiskSpace disk, MetricText out) {
    this.time = usage.time().toEpochMilli();
    this.disk = disk;
    this.out = out;
    add(ROOT, usage.node(), usage.network());
    tiers.forEach((id, used) -> add(new Owner(id, "", "", "", "", ""), used, List.of()));
    for (Usage.OfPod pod : usage.pods()) {
      if (pod.own() != null) {
        add(new Owner(pod.group(), "", "", "", pod.namespace(), pod.name()), pod.own(), List.of());
      }
      container(pod, pod.sandbox(), pod.network());
      pod.containers().forEach(c -> container(pod, c, List.of()));
    }
  }

  private void add(Owner owner, CgroupUsage usage, List<NetworkInterface> network) {
    series.add(new Series(owner, usage, usage.since(), network, CgroupUsage.UNKNOWN));
  }

  private void container(Usage.OfPod pod, Usage.OfContainer c, List<NetworkInterface> network) {
    series.add(
        new Series(
            new Owner(c.group(), c.name(), c.image(), c.id(), pod.namespace(), pod.name()),
            c.usage(),
            c.started().toEpochMilli(),
            network,
            c.diskBytes()));
  }

  /** Writes all families. */
  static void write(Usage usage, Map<String, CgroupUsage> tiers, DiskSpace disk, MetricText out) {
    new CadvisorMetrics(usage, tiers, disk, out).write();
  }

  private void write() {
    out.family(
        "container_cpu_usage_seconds_total",
        MetricType.COUNTER,
        "Cumulative cpu time consumed in seconds.");
    for (Series s : series) {
      sample(s.usage.cpu().total() / NANO, s.owner.labels("cpu", "total"));
    }
    for (Family family : FAMILIES) {
      out.family(family.name, family.type, family.help);
      series.forEach(s -> sample(family.value.applyAsDouble(s.usage), s.owner.labels()));
    }
    faults();
    disks();
    for (NetworkFamily family : NETWORK) {
      out.family("container_network_" + family.name, MetricType.COUNTER, family.help);
      for (Series s : series) {
        for (NetworkInterface i : s.network) {
          sample(family.value.applyAsDouble(i), s.owner.labels("interface", i.name()));
        }
      }
    }
    out.family(
        "container_start_time_seconds",
        MetricType.GAUGE,
        "Start time of the container since unix epoch in seconds.");
    series.forEach(s -> sample(s.startedMillis / 1000.0, s.owner.labels()));
    out.family(
        "container_last_seen", MetricType.GAUGE, "Last time a container was seen by the exporter");
    series.forEach(s -> sample(time / 1000.0, s.owner.labels()));
    out.family(
        "container_scrape_error",
        MetricType.GAUGE,
        "1 if there was an error while getting container metrics, 0 otherwise");
    out.sample(0);
  }

  private void faults() {
    out.family(
        "container_memory_failures_total",
        MetricType.COUNTER,
        "Cumulative count of memory allocation failures.");
    for (Series s : series) {
      sample(
          s.usage.memory().pageFaults(),
          s.owner.labels("failure_type", "pgfault", "scope", "hierarchy"));
      sample(
          s.usage.memory().majorPageFaults(),
          s.owner.labels("failure_type", "pgmajfault", "scope", "hierarchy"));
    }
  }

  private void disks() {
    for (DiskFamily family : DISKS) {
      out.family("container_fs_" + family.name, MetricType.COUNTER, family.help);
      for (Series s : series) {
        for (DeviceIo io : s.usage.devices()) {
          sample(
              family.value.applyAsDouble(io),
              s.owner.labels("device", BlockDevices.name(io.major(), io.minor())));
        }
      }
    }
    out.family(
        "container_fs_usage_bytes",
        MetricType.GAUGE,
        "Number of bytes that are consumed by the container on this filesystem.");
    sample(disk.used(), ROOT.labels("device", disk.device()));
    series.forEach(s -> sample(s.diskBytes, s.owner.labels("device", "")));
    out.family(
        "container_fs_limit_bytes",
        MetricType.GAUGE,
        "Number of bytes that can be consumed by the container on this filesystem.");
    sample(disk.capacity(), ROOT.labels("device", disk.device()));
    out.family("container_fs_inodes_total", MetricType.GAUGE, "Number of Inodes");
    sample(disk.inodes(), ROOT.labels("device", disk.device()));
    out.family("container_fs_inodes_free", MetricType.GAUGE, "Number of available Inodes");
    sample(disk.inodesFree(), ROOT.labels("device", disk.device()));
  }

  private void sample(double value, String[] labels) {
    if (value >= 0) {
      out.sampleAt(value, time, labels);
    }
  }

  /** Periods are counted only where time is limited, as cAdvisor has it. */
  private static double limited(CgroupUsage usage, double value) {
    return usage.cpu().quota() > 0 ? value : CgroupUsage.UNKNOWN;
  }

  private static Family counter(String name, String help, ToDoubleFunction<CgroupUsage> value) {
    return new Family("container_" + name, MetricType.COUNTER, help, value);
  }

  private static Family gauge(String name, String help, ToDoubleFunction<CgroupUsage> value) {
    return new Family("container_" + name, MetricType.GAUGE, help, value);
  }
}
