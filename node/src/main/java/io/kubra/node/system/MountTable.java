package io.kubra.node.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is mounted where in this process's mount namespace. */
public final class MountTable {
  private MountTable() {}

  /** The mount points at or below a folder, in the order they were made. */
  public static List<Path> below(Path folder) throws IOException {
    List<Path> points = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      Path point = Path.of(unescape(line.split(" ", 6)[4]));
      if (point.startsWith(folder)) {
        points.add(point);
      }
    }
    return points;
  }

  /** Whether something is mounted at exactly this place. */
  public static boolean mounted(Path point) throws IOException {
    return below(point).contains(point);
  }

  /** Takes away everything mounted at or below a folder, the last mounted first. */
  public static void unmountBelow(Path folder) throws IOException {
    for (Path point : below(folder).reversed()) {
      Kernel.unmount(point);
    }
  }

  /** The kernel writes spaces and the like as octal numbers. */
  private static String unescape(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && i + 3 < text.length()) {
        out.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        out.append(text.charAt(i));
      }
    }
    return out.toString();
  }
}
