package io.kubra.node.cgroup;

import io.kubra.node.cgroup.CgroupUsage.Cpu;
import io.kubra.node.cgroup.CgroupUsage.DeviceIo;
import io.kubra.node.cgroup.CgroupUsage.Memory;
import io.kubra.node.cgroup.CgroupUsage.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Reads version 1, where each controller has a hierarchy of its own. */
final class CgroupReaderV1 implements CgroupReader {
  private static final long NANOS_PER_TICK = 10_000_000;

  /** Version 1 writes no limit as the largest number of whole pages. */
  private static final long NO_LIMIT = Long.MAX_VALUE / 2;

  private final Map<String, Path> controllers;

  CgroupReaderV1(Map<String, Path> controllers) {
    this.controllers = controllers;
  }

  private Path group(String controller, String path) {
    Path mount = controllers.getOrDefault(controller, Path.of("/nonexistent"));
    return mount.resolve(path.substring(1));
  }

  @Override
  public boolean exists(String path) {
    return Files.isDirectory(group("memory", path));
  }

  @Override
  public CgroupUsage read(String path) {
    Path memory = group("memory", path);
    return new CgroupUsage(
        ControlFile.since(memory),
        cpu(group("cpuacct", path), group("cpu", path)),
        memory(memory),
        new Processes(
            ControlFile.processes(memory),
            ControlFile.number(group("pids", path).resolve("pids.current"), 0),
            ControlFile.number(group("pids", path).resolve("pids.max"), 0)),
        devices(group("blkio", path)));
  }

  private static Cpu cpu(Path accounting, Path limits) {
    Map<String, Long> ticks = ControlFile.table(accounting.resolve("cpuacct.stat"));
    Map<String, Long> stat = ControlFile.table(limits.resolve("cpu.stat"));
    return new Cpu(
        ControlFile.number(accounting.resolve("cpuacct.usage"), 0),
        ControlFile.times(ControlFile.of(ticks, "user"), NANOS_PER_TICK),
        ControlFile.times(ControlFile.of(ticks, "system"), NANOS_PER_TICK),
        ControlFile.of(stat, "nr_periods"),
        ControlFile.of(stat, "nr_throttled"),
        ControlFile.of(stat, "throttled_time"),
        ControlFile.number(limits.resolve("cpu.shares"), 0),
        ControlFile.number(limits.resolve("cpu.cfs_quota_us"), 0),
        ControlFile.number(limits.resolve("cpu.cfs_period_us"), 0));
  }

  private static Memory memory(Path group) {
    Map<String, Long> stat = ControlFile.table(group.resolve("memory.stat"));
    Map<String, Long> oom = ControlFile.table(group.resolve("memory.oom_control"));
    return new Memory(
        ControlFile.number(group.resolve("memory.usage_in_bytes"), 0),
        ControlFile.number(group.resolve("memory.max_usage_in_bytes"), 0),
        ControlFile.number(group.resolve("memory.failcnt"), 0),
        limit(group.resolve("memory.limit_in_bytes")),
        limit(group.resolve("memory.soft_limit_in_bytes")),
        limit(group.resolve("memory.memsw.limit_in_bytes")),
        ControlFile.of(stat, "total_rss"),
        ControlFile.of(stat, "total_cache"),
        ControlFile.of(stat, "total_mapped_file"),
        ControlFile.of(stat, "total_swap"),
        ControlFile.of(stat, "total_inactive_file"),
        ControlFile.of(stat, "total_pgfault"),
        ControlFile.of(stat, "total_pgmajfault"),
        ControlFile.of(oom, "oom_kill"));
  }

  private static long limit(Path file) {
    long limit = ControlFile.number(file, 0);
    return limit > NO_LIMIT ? 0 : limit;
  }

  /** Lines such as {@code 8:0 Read 4096}. */
  private static List<DeviceIo> devices(Path group) {
    Map<String, long[]> found = new TreeMap<>();
    add(found, group.resolve("blkio.throttle.io_service_bytes_recursive"), 0);
    add(found, group.resolve("blkio.throttle.io_serviced_recursive"), 2);
    List<DeviceIo> devices = new ArrayList<>();
    found.forEach(
        (device, n) -> {
          int colon = device.indexOf(':');
          devices.add(
              new DeviceIo(
                  Long.parseLong(device.substring(0, colon)),
                  Long.parseLong(device.substring(colon + 1)),
                  n[0],
                  n[1],
                  n[2],
                  n[3]));
        });
    return devices;
  }

  private static void add(Map<String, long[]> found, Path file, int at) {
    for (String line : ControlFile.lines(file)) {
      String[] words = line.split(" ");
      if (words.length == 3 && words[0].matches("\\d+:\\d+")) {
        int which =
            switch (words[1]) {
              case "Read" -> at;
              case "Write" -> at + 1;
              default -> -1;
            };
        if (which >= 0) {
          found.computeIfAbsent(words[0], d -> new long[4])[which] =
              ControlFile.number(words[2], 0);
        }
      }
    }
  }

  @Override
  public OptionalLong process(String path) {
    return ControlFile.firstProcess(group("memory", path));
  }

  @Override
  public List<String> children(String path) {
    return ControlFile.children(group("memory", path));
  }
}
