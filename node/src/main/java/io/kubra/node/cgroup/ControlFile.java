package io.kubra.node.cgroup;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The forms in which the kernel shows the numbers of a group. What cannot be read is not known. */
final class ControlFile {
  private ControlFile() {}

  /** All lines; none if the file is not there. */
  static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of();
    }
  }

  /** A file with one number; {@link CgroupUsage#UNKNOWN} for none, {@code whenMax} for "max". */
  static long number(Path file, long whenMax) {
    List<String> lines = lines(file);
    return lines.isEmpty() ? CgroupUsage.UNKNOWN : number(lines.getFirst(), whenMax);
  }

  static long number(String text, long whenMax) {
    if (text.equals("max")) {
      return whenMax;
    }
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      return CgroupUsage.UNKNOWN;
    }
  }

  /** A file with a name and a number in each line. */
  static Map<String, Long> table(Path file) {
    Map<String, Long> table = new HashMap<>();
    for (String line : lines(file)) {
      int space = line.indexOf(' ');
      if (space > 0) {
        table.put(line.substring(0, space), number(line.substring(space + 1), 0));
      }
    }
    return table;
  }

  static long of(Map<String, Long> table, String name) {
    return table.getOrDefault(name, CgroupUsage.UNKNOWN);
  }

  /** A known number times a factor. */
  static long times(long number, long factor) {
    return number < 0 ? CgroupUsage.UNKNOWN : number * factor;
  }

  static OptionalLong firstProcess(Path group) {
    List<String> pids = lines(group.resolve("cgroup.procs"));
    return pids.isEmpty() ? OptionalLong.empty() : OptionalLong.of(number(pids.getFirst(), 0));
  }

  /** How many processes the group and those below it have. */
  static long processes(Path group) {
    long count = lines(group.resolve("cgroup.procs")).size();
    for (String child : children(group)) {
      count += processes(group.resolve(child));
    }
    return count;
  }

  static List<String> children(Path group) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(group, Files::isDirectory)) {
      entries.forEach(e -> names.add(String.valueOf(e.getFileName())));
    } catch (IOException e) {
      return List.of();
    }
    return names;
  }

  /** When a group was made. */
  static long since(Path group) {
    try {
      return Files.getLastModifiedTime(group).toMillis();
    } catch (IOException e) {
      return CgroupUsage.UNKNOWN;
    }
  }
}
