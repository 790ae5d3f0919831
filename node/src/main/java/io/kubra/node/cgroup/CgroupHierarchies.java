package io.kubra.node.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the kernel's control group hierarchies are mounted.
 *
 * @param unified the mount of version 2 if it carries the controllers, else null
 * @param controllers the mounts of version 1 by controller; empty on version 2
 */
public record CgroupHierarchies(@Nullable Path unified, Map<String, Path> controllers) {
  /** Finds the hierarchies of this machine. */
  public static CgroupHierarchies detect() throws IOException {
    return parse(Files.readString(Path.of("/proc/self/mounts")));
  }

  static CgroupHierarchies parse(String mounts) {
    Map<String, Path> controllers = new LinkedHashMap<>();
    Path unified = null;
    for (String line : mounts.split("\n")) {
      String[] fields = line.split(" ");
      if (fields.length < 4) {
        continue;
      }
      Path point = Path.of(fields[1]);
      if (fields[2].equals("cgroup2")) {
        unified = point;
      } else if (fields[2].equals("cgroup")) {
        // The folder's name tells the controller, also for those mounted together.
        for (String controller : String.valueOf(point.getFileName()).split(",")) {
          controllers.putIfAbsent(controller, point);
        }
      }
    }
    // Hybrid machines mount version 2 too, but the controllers stay with version 1.
    return new CgroupHierarchies(controllers.containsKey("memory") ? null : unified, controllers);
  }
}
