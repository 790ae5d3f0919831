package io.kubra.node.cgroup;

import io.kubra.node.cgroup.CgroupUsage.Cpu;
import io.kubra.node.cgroup.CgroupUsage.DeviceIo;
import io.kubra.node.cgroup.CgroupUsage.Memory;
import io.kubra.node.cgroup.CgroupUsage.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Reads version 2, where one hierarchy has all controllers. */
final class CgroupReaderV2 implements CgroupReader {
  private static final long NANOS_PER_MICRO = 1000;

  private final Path mount;

  CgroupReaderV2(Path mount) {
    this.mount = mount;
  }

  private Path group(String path) {
    return mount.resolve(path.substring(1));
  }

  @Override
  public boolean exists(String path) {
    return Files.isDirectory(group(path));
  }

  @Override
  public CgroupUsage read(String path) {
    Path group = group(path);
    return new CgroupUsage(
        ControlFile.since(group),
        cpu(group),
        memory(group),
        new Processes(
            ControlFile.processes(group),
            ControlFile.number(group.resolve("pids.current"), 0),
            ControlFile.number(group.resolve("pids.max"), 0)),
        devices(group));
  }

  private static Cpu cpu(Path group) {
    Map<String, Long> stat = ControlFile.table(group.resolve("cpu.stat"));
    List<String> most = ControlFile.lines(group.resolve("cpu.max"));
    String[] words = most.isEmpty() ? new String[0] : most.getFirst().split(" ");
    boolean known = words.length == 2;
    return new Cpu(
        ControlFile.times(ControlFile.of(stat, "usage_usec"), NANOS_PER_MICRO),
        ControlFile.times(ControlFile.of(stat, "user_usec"), NANOS_PER_MICRO),
        ControlFile.times(ControlFile.of(stat, "system_usec"), NANOS_PER_MICRO),
        ControlFile.of(stat, "nr_periods"),
        ControlFile.of(stat, "nr_throttled"),
        ControlFile.times(ControlFile.of(stat, "throttled_usec"), NANOS_PER_MICRO),
        shares(ControlFile.number(group.resolve("cpu.weight"), 0)),
        known ? ControlFile.number(words[0], CgroupUsage.UNKNOWN) : CgroupUsage.UNKNOWN,
        known ? ControlFile.number(words[1], 0) : CgroupUsage.UNKNOWN);
  }

  /** A weight of 1 to 10000 in version 1's unit, 2 to 262144. */
  private static long shares(long weight) {
    return weight < 0 ? CgroupUsage.UNKNOWN : 2 + (weight - 1) * 262142 / 9999;
  }

  private static Memory memory(Path group) {
    Map<String, Long> stat = ControlFile.table(group.resolve("memory.stat"));
    Map<String, Long> events = ControlFile.table(group.resolve("memory.events"));
    long usage = ControlFile.number(group.resolve("memory.current"), 0);
    if (usage < 0 && stat.containsKey("anon")) {
      // The root does not say it.
      usage = ControlFile.of(stat, "anon") + ControlFile.of(stat, "file");
    }
    return new Memory(
        usage,
        ControlFile.number(group.resolve("memory.peak"), 0),
        ControlFile.of(events, "max"),
        ControlFile.number(group.resolve("memory.max"), 0),
        ControlFile.number(group.resolve("memory.low"), 0),
        ControlFile.number(group.resolve("memory.swap.max"), 0),
        ControlFile.of(stat, "anon"),
        ControlFile.of(stat, "file"),
        ControlFile.of(stat, "file_mapped"),
        ControlFile.number(group.resolve("memory.swap.current"), 0),
        ControlFile.of(stat, "inactive_file"),
        ControlFile.of(stat, "pgfault"),
        ControlFile.of(stat, "pgmajfault"),
        ControlFile.of(events, "oom_kill"));
  }

  /** Lines such as {@code 8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0}. */
  private static List<DeviceIo> devices(Path group) {
    List<DeviceIo> devices = new ArrayList<>();
    for (String line : ControlFile.lines(group.resolve("io.stat"))) {
      String[] words = line.split(" ");
      String[] numbers = words[0].split(":");
      if (numbers.length != 2) {
        continue;
      }
      Map<String, Long> values = new HashMap<>();
      for (int i = 1; i < words.length; i++) {
        int equals = words[i].indexOf('=');
        if (equals > 0) {
          values.put(
              words[i].substring(0, equals), ControlFile.number(words[i].substring(equals + 1), 0));
        }
      }
      devices.add(
          new DeviceIo(
              ControlFile.number(numbers[0], 0),
              ControlFile.number(numbers[1], 0),
              values.getOrDefault("rbytes", 0L),
              values.getOrDefault("wbytes", 0L),
              values.getOrDefault("rios", 0L),
              values.getOrDefault("wios", 0L)));
    }
    return devices;
  }

  @Override
  public OptionalLong process(String path) {
    return ControlFile.firstProcess(group(path));
  }

  @Override
  public List<String> children(String path) {
    return ControlFile.children(group(path));
  }
}
