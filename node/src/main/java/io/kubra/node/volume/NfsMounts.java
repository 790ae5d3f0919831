package io.kubra.node.volume;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kubra.model.core.v1.NFSVolumeSource;
import io.kubra.node.system.MountTable;
import io.kubra.node.system.NodePaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Mounts NFS shares with the system's mount program and its helper mount.nfs. They are taken away
 * with everything else below the pod's folder.
 */
final class NfsMounts {
  private static final List<Path> HELPERS =
      List.of(Path.of("/sbin/mount.nfs"), Path.of("/usr/sbin/mount.nfs"));
  private static final int PATIENCE_SECONDS = 120;

  private final NodePaths paths;

  NfsMounts(NodePaths paths) {
    this.paths = paths;
  }

  MountedVolume mount(
      String podUid, String name, NFSVolumeSource share, List<String> options, boolean readOnly)
      throws VolumeException, IOException {
    boolean shielded = readOnly || Boolean.TRUE.equals(share.readOnly());
    Path target = paths.volume(podUid, "nfs", name);
    Files.createDirectories(target);
    if (!MountTable.mounted(target)) {
      List<String> command = command(share, target, options, shielded);
      if (HELPERS.stream().noneMatch(Files::isExecutable)) {
        throw new VolumeException(
            "NFS needs the program mount.nfs on the node: install nfs-common or nfs-utils");
      }
      run(command);
    }
    return new MountedVolume(target, shielded);
  }

  /** The program and its arguments; no shell sees them. */
  static List<String> command(
      NFSVolumeSource share, Path target, List<String> options, boolean readOnly)
      throws VolumeException {
    if (share.server().startsWith("-")) {
      throw new VolumeException("\"" + share.server() + "\" is not the name of an NFS server");
    }
    boolean six = share.server().indexOf(':') >= 0 && !share.server().startsWith("[");
    String server = six ? "[" + share.server() + "]" : share.server();
    List<String> all = new ArrayList<>(options);
    if (readOnly) {
      all.add("ro");
    }
    List<String> command = new ArrayList<>(List.of("mount", "-t", "nfs"));
    if (!all.isEmpty()) {
      command.addAll(List.of("-o", String.join(",", all)));
    }
    command.addAll(List.of(server + ":" + share.path(), target.toString()));
    return command;
  }

  private static void run(List<String> command) throws VolumeException, IOException {
    Path output = Files.createTempFile("mount-nfs", ".log");
    try {
      Process mount =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!mount.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        mount.destroyForcibly();
        throw new VolumeException(
            "mount of " + command.get(command.size() - 2) + " did not end in time");
      }
      if (mount.exitValue() != 0) {
        throw new VolumeException(failure(mount.exitValue(), Files.readString(output, UTF_8)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VolumeException("interrupted while mounting", e);
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static String failure(int code, String output) throws IOException {
    boolean known = Files.readString(Path.of("/proc/filesystems")).contains("nfs");
    return "mount failed: exit status %d: %s%s"
        .formatted(code, output.strip(), known ? "" : " (this kernel has no NFS client)");
  }
}
