package io.kubra.node.stats;

import io.kubra.api.json.Json;
import io.kubra.node.cri.CriClient;
import io.kubra.node.system.HostFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions about usage in the forms that monitoring reads. Rates are taken between the
 * last two readings that lie a second or more apart.
 */
public final class NodeStats {
  private static final Duration RATE_OVER = Duration.ofSeconds(1);

  private final CriClient cri;
  private final String node;
  private final Path disk;
  private final Instant started = Instant.now();
  private @Nullable Usage earlier;
  private @Nullable Usage latest;

  /**
   * Statistics of this node.
   *
   * @param disk a folder on the file system that pods write to
   */
  public NodeStats(CriClient cri, String node, Path disk) {
    this.cri = cri;
    this.node = node;
    this.disk = disk;
  }

  private synchronized Usage read() throws IOException {
    Usage now = Usage.read(cri);
    Usage last = latest;
    if (last == null || Duration.between(last.time(), now.time()).compareTo(RATE_OVER) >= 0) {
      earlier = last;
      latest = now;
    }
    return now;
  }

  /** The statistics summary as JSON. */
  public byte[] summary() throws IOException {
    Usage now = read();
    Usage base;
    synchronized (this) {
      base = latest != null && latest.time().isBefore(now.time()) ? latest : earlier;
    }
    Map<String, Long> before = new HashMap<>();
    if (base != null) {
      for (Usage.OfPod pod : base.pods()) {
        pod.containers().forEach(c -> before.put(c.id(), c.cpuNanos()));
      }
    }
    long nanos = base == null ? 0 : Duration.between(base.time(), now.time()).toNanos();
    FileStore store = Files.getFileStore(disk);
    long capacity = store.getTotalSpace();
    long available = store.getUsableSpace();
    Map<String, Object> fs = new LinkedHashMap<>();
    fs.put("time", time(now.time()));
    fs.put("availableBytes", available);
    fs.put("capacityBytes", capacity);
    fs.put("usedBytes", capacity - available);
    Map<String, Object> nodeTree = new LinkedHashMap<>();
    nodeTree.put("nodeName", node);
    nodeTree.put("startTime", time(started));
    nodeTree.put(
        "cpu",
        cpu(
            now.time(),
            now.nodeCpuNanos(),
            base == null ? 0 : now.nodeCpuNanos() - base.nodeCpuNanos(),
            nanos));
    Map<String, Object> memory = memory(now.time(), now.nodeMemory(), now.nodeMemory(), 0);
    memory.put("availableBytes", HostFacts.memory("MemAvailable"));
    nodeTree.put("memory", memory);
    nodeTree.put("fs", fs);
    List<Object> pods = new ArrayList<>();
    for (Usage.OfPod pod : now.pods()) {
      pods.add(pod(pod, now.time(), before, nanos));
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("node", nodeTree);
    tree.put("pods", pods);
    return Json.write(tree);
  }

  private static Map<String, Object> pod(
      Usage.OfPod pod, Instant time, Map<String, Long> before, long nanos) {
    List<Object> containers = new ArrayList<>();
    long used = 0;
    long memory = 0;
    Instant first = time;
    for (Usage.OfContainer c : pod.containers()) {
      long delta = c.cpuNanos() - before.getOrDefault(c.id(), c.cpuNanos());
      used += delta;
      memory += c.memory();
      first = c.started().isBefore(first) ? c.started() : first;
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("name", c.name());
      tree.put("startTime", time(c.started()));
      tree.put("cpu", cpu(c.time(), c.cpuNanos(), delta, nanos));
      tree.put("memory", memory(c.time(), c.memory(), c.workingSet(), c.rss()));
      tree.put("rootfs", Map.of("time", time(c.time()), "usedBytes", c.diskUsed()));
      containers.add(tree);
    }
    Map<String, Object> reference = new LinkedHashMap<>();
    reference.put("name", pod.name());
    reference.put("namespace", pod.namespace());
    reference.put("uid", pod.uid());
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("podRef", reference);
    tree.put("startTime", time(first));
    tree.put("containers", containers);
    tree.put("cpu", cpu(time, pod.cpuNanos(), used, nanos));
    tree.put("memory", memory(time, memory, pod.workingSet(), 0));
    return tree;
  }

  private static Map<String, Object> cpu(Instant time, long total, long delta, long nanos) {
    Map<String, Object> cpu = new LinkedHashMap<>();
    cpu.put("time", time(time));
    cpu.put("usageNanoCores", nanos <= 0 ? 0L : (long) (delta * 1e9 / nanos));
    cpu.put("usageCoreNanoSeconds", total);
    return cpu;
  }

  private static Map<String, Object> memory(Instant time, long usage, long workingSet, long rss) {
    Map<String, Object> memory = new LinkedHashMap<>();
    memory.put("time", time(time));
    memory.put("usageBytes", usage);
    memory.put("workingSetBytes", workingSet);
    memory.put("rssBytes", rss);
    return memory;
  }

  private static String time(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** What the resource metrics pipeline reads: cpu and memory of containers, pods and node. */
  public byte[] resource() throws IOException {
    Usage now = read();
    MetricText text = new MetricText();
    text.family(
        "container_cpu_usage_seconds_total",
        "counter",
        "Cumulative cpu time consumed by the container in core-seconds");
    each(now, (pod, c) -> text.sample(c.cpuNanos() / 1e9, c.time(), labels(pod, c)));
    text.family(
        "container_memory_working_set_bytes",
        "gauge",
        "Current working set of the container in bytes");
    each(now, (pod, c) -> text.sample(c.workingSet(), c.time(), labels(pod, c)));
    text.family(
        "container_start_time_seconds",
        "gauge",
        "Start time of the container since unix epoch in seconds");
    each(now, (pod, c) -> text.sample(c.started().toEpochMilli() / 1e3, null, labels(pod, c)));
    text.family(
        "node_cpu_usage_seconds_total",
        "counter",
        "Cumulative cpu time consumed by the node in core-seconds");
    text.sample(now.nodeCpuNanos() / 1e9, now.time());
    text.family(
        "node_memory_working_set_bytes", "gauge", "Current working set of the node in bytes");
    text.sample(now.nodeMemory(), now.time());
    text.family(
        "pod_cpu_usage_seconds_total",
        "counter",
        "Cumulative cpu time consumed by the pod in core-seconds");
    for (Usage.OfPod pod : now.pods()) {
      text.sample(
          pod.cpuNanos() / 1e9, now.time(), "namespace", pod.namespace(), "pod", pod.name());
    }
    text.family("pod_memory_working_set_bytes", "gauge", "Current working set of the pod in bytes");
    for (Usage.OfPod pod : now.pods()) {
      text.sample(pod.workingSet(), now.time(), "namespace", pod.namespace(), "pod", pod.name());
    }
    text.family("resource_scrape_error", "gauge", "1 if there was an error while getting metrics");
    text.sample(0, null);
    return text.bytes();
  }

  /** The most used of the metrics that cAdvisor is known for. */
  public byte[] cadvisor() throws IOException {
    Usage now = read();
    MetricText text = new MetricText();
    text.family(
        "container_cpu_usage_seconds_total", "counter", "Cumulative cpu time consumed in seconds.");
    each(now, (pod, c) -> text.sample(c.cpuNanos() / 1e9, c.time(), full(pod, c)));
    text.family("container_memory_usage_bytes", "gauge", "Current memory usage in bytes.");
    each(now, (pod, c) -> text.sample(c.memory(), c.time(), full(pod, c)));
    text.family("container_memory_working_set_bytes", "gauge", "Current working set in bytes.");
    each(now, (pod, c) -> text.sample(c.workingSet(), c.time(), full(pod, c)));
    text.family("container_memory_rss", "gauge", "Size of RSS in bytes.");
    each(now, (pod, c) -> text.sample(c.rss(), c.time(), full(pod, c)));
    text.family("container_fs_usage_bytes", "gauge", "Bytes that are consumed by the container.");
    each(now, (pod, c) -> text.sample(c.diskUsed(), c.time(), full(pod, c)));
    text.family("container_start_time_seconds", "gauge", "Start time since unix epoch in seconds.");
    each(now, (pod, c) -> text.sample(c.started().toEpochMilli() / 1e3, null, full(pod, c)));
    return text.bytes();
  }

  /** The agent's own metrics. */
  public byte[] own() throws IOException {
    Usage now = read();
    Runtime runtime = Runtime.getRuntime();
    MetricText text = new MetricText();
    text.family("kubelet_node_name", "gauge", "The node's name. The count is always 1.");
    text.sample(1, null, "node", node);
    text.family("kubelet_running_pods", "gauge", "Number of pods that have a running container");
    text.sample(now.pods().size(), null);
    text.family("kubelet_running_containers", "gauge", "Number of containers currently running");
    text.sample(
        now.pods().stream().mapToInt(p -> p.containers().size()).sum(),
        null,
        "container_state",
        "running");
    text.family("process_start_time_seconds", "gauge", "Start time of the process.");
    text.sample(started.toEpochMilli() / 1e3, null);
    text.family("jvm_memory_used_bytes", "gauge", "Heap in use.");
    text.sample(runtime.totalMemory() - runtime.freeMemory(), null);
    return text.bytes();
  }

  private interface Each {
    void see(Usage.OfPod pod, Usage.OfContainer container);
  }

  private static void each(Usage usage, Each each) {
    for (Usage.OfPod pod : usage.pods()) {
      for (Usage.OfContainer container : pod.containers()) {
        each.see(pod, container);
      }
    }
  }

  private static String[] labels(Usage.OfPod pod, Usage.OfContainer c) {
    return new String[] {"container", c.name(), "namespace", pod.namespace(), "pod", pod.name()};
  }

  private static String[] full(Usage.OfPod pod, Usage.OfContainer c) {
    return new String[] {
      "container",
      c.name(),
      "id",
      "/pod" + pod.uid() + "/" + c.id(),
      "name",
      c.id(),
      "namespace",
      pod.namespace(),
      "pod",
      pod.name()
    };
  }

  private static final class MetricText {
    private final StringBuilder text = new StringBuilder();
    private String name = "";

    void family(String family, String type, String help) {
      name = family;
      text.append("# HELP ").append(family).append(' ').append(help).append('\n');
      text.append("# TYPE ").append(family).append(' ').append(type).append('\n');
    }

    void sample(double value, @Nullable Instant time, String... labels) {
      text.append(name);
      for (int i = 0; i + 1 < labels.length; i += 2) {
        text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
        text.append(labels[i + 1].replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
      }
      text.append(labels.length > 0 ? "} " : " ");
      boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
      text.append(whole ? Long.toString((long) value) : Double.toString(value));
      if (time != null) {
        text.append(' ').append(time.toEpochMilli());
      }
      text.append('\n');
    }

    byte[] bytes() {
      return text.toString().getBytes(StandardCharsets.UTF_8);
    }
  }
}
