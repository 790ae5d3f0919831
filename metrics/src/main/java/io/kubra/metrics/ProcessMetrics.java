package io.kubra.metrics;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What every process says of itself under Prometheus' usual names, read from {@code /proc/self}. In
 * place of Go's own metrics there are a few of the JVM's: there is no Go runtime here to speak of.
 */
public final class ProcessMetrics implements MetricSource {
  private static final Path SELF = Path.of("/proc/self");
  private static final double TICKS_PER_SECOND = 100;

  @Override
  public void write(MetricText out) {
    String[] stat = stat();
    if (stat.length > 21) {
      one(
          out,
          "process_cpu_seconds_total",
          MetricType.COUNTER,
          cpu(stat),
          "Total user and system CPU time spent in seconds.");
      one(
          out,
          "process_virtual_memory_bytes",
          MetricType.GAUGE,
          Long.parseLong(stat[20]),
          "Virtual memory size in bytes.");
      one(
          out,
          "process_resident_memory_bytes",
          MetricType.GAUGE,
          resident(),
          "Resident memory size in bytes.");
      one(
          out,
          "process_threads",
          MetricType.GAUGE,
          Long.parseLong(stat[17]),
          "Number of operating system threads.");
    }
    one(out, "process_open_fds", MetricType.GAUGE, openFiles(), "Number of open file descriptors.");
    one(
        out,
        "process_max_fds",
        MetricType.GAUGE,
        mostFiles(),
        "Maximum number of open file descriptors.");
    one(
        out,
        "process_start_time_seconds",
        MetricType.GAUGE,
        ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3,
        "Start time of the process since unix epoch in seconds.");
    Runtime runtime = Runtime.getRuntime();
    one(
        out,
        "jvm_heap_used_bytes",
        MetricType.GAUGE,
        runtime.totalMemory() - runtime.freeMemory(),
        "Bytes of the heap in use, garbage included.");
    one(
        out,
        "jvm_heap_committed_bytes",
        MetricType.GAUGE,
        runtime.totalMemory(),
        "Bytes of memory that the heap has.");
    one(
        out,
        "jvm_gc_seconds_total",
        MetricType.COUNTER,
        collecting(),
        "Time spent on garbage collection in seconds.");
  }

  private static void one(MetricText out, String name, MetricType type, double value, String help) {
    out.family(name, type, help);
    out.sample(value);
  }

  /** The fields of /proc/self/stat from the third (the state) on. */
  private static String[] stat() {
    try {
      String line = Files.readString(SELF.resolve("stat"));
      return line.substring(line.lastIndexOf(')') + 2).split(" ");
    } catch (IOException e) {
      return new String[0];
    }
  }

  private static double cpu(String[] stat) {
    return (Long.parseLong(stat[11]) + Long.parseLong(stat[12])) / TICKS_PER_SECOND;
  }

  private static long resident() {
    try {
      for (String line : Files.readAllLines(SELF.resolve("status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return 0;
  }

  private static long openFiles() {
    long count = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(SELF.resolve("fd"))) {
      for (Path unused : files) {
        count++;
      }
      // the listing itself has a file open
      return count - 1;
    } catch (IOException e) {
      return count;
    }
  }

  private static double mostFiles() {
    try {
      for (String line : Files.readAllLines(SELF.resolve("limits"))) {
        if (line.startsWith("Max open files")) {
          String soft = line.substring(26).strip().split("\\s+")[0];
          return soft.equals("unlimited") ? Double.POSITIVE_INFINITY : Long.parseLong(soft);
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return 0;
  }

  private static double collecting() {
    long millis = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      millis += Math.max(0, collector.getCollectionTime());
    }
    return millis / 1e3;
  }
}
