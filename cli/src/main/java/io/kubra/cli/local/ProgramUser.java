package io.kubra.cli.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The unprivileged user of a managed program.
 *
 * @param uid the user's number
 * @param gid the number of its group
 */
record ProgramUser(int uid, int gid) {
  private static final int SETPCAP = 8;
  private static final String FALLBACK = "nobody";

  /** The user of a name; {@code nobody} where the distribution made no such user. */
  static ProgramUser of(String name) {
    try {
      List<String> lines = Files.readAllLines(Path.of("/etc/passwd"));
      for (String wanted : List.of(name, FALLBACK)) {
        for (String line : lines) {
          String[] fields = line.split(":");
          if (fields.length > 3 && fields[0].equals(wanted)) {
            return new ProgramUser(Integer.parseInt(fields[2]), Integer.parseInt(fields[3]));
          }
        }
      }
      return new ProgramUser(65534, 65534);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The command, run as this user, with no capability and no way to gain one. */
  List<String> command(List<String> words) {
    List<String> full = new ArrayList<>();
    full.addAll(List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups"));
    full.addAll(List.of("--no-new-privs", "--inh-caps=-all"));
    if (Capabilities.has(SETPCAP)) {
      full.add("--bounding-set=-all");
    }
    full.add("--");
    full.addAll(words);
    return full;
  }

  /** Lets it pass through the folders from one to another below it. */
  void mayPass(Path from, Path to) throws IOException {
    for (Path folder = to; folder != null && folder.startsWith(from); folder = folder.getParent()) {
      Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(folder));
      if (permissions.add(PosixFilePermission.OTHERS_EXECUTE)) {
        Files.setPosixFilePermissions(folder, permissions);
      }
    }
  }

  /** Lets it, and nobody but root besides, read a folder with all it holds. */
  void mayRead(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        Files.setAttribute(file, "unix:uid", 0);
        Files.setAttribute(file, "unix:gid", gid);
        Files.setPosixFilePermissions(
            file,
            PosixFilePermissions.fromString(Files.isDirectory(file) ? "rwxr-x---" : "rw-r-----"));
      }
    }
  }

  /** Gives it a folder. */
  void owns(Path folder) throws IOException {
    Files.setAttribute(folder, "unix:uid", uid);
    Files.setAttribute(folder, "unix:gid", gid);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
  }
}
