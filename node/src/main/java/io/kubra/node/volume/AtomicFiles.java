package io.kubra.node.volume;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the files of a folder all at once: they lie in a dated folder to which the link {@code
 * ..data} points, and the visible names are links through {@code ..data}. Readers see the old files
 * or the new ones, never a mixture.
 */
final class AtomicFiles {
  private static final String DATA = "..data";
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy_MM_dd_HH_mm_ss").withZone(ZoneOffset.UTC);

  private final Path folder;
  private final @Nullable Long group;

  /**
   * Writes to a folder.
   *
   * @param group the group that may read the files, or null
   */
  AtomicFiles(Path folder, @Nullable Long group) {
    this.folder = folder;
    this.group = group;
  }

  /** Whether a folder holds files that were written whole. */
  static boolean written(Path folder) {
    return Files.isDirectory(folder.resolve(DATA));
  }

  /** Makes the folder hold these files, by relative path; true if anything changed. */
  boolean write(Map<String, VolumeFile> files) throws IOException {
    Path data = folder.resolve(DATA);
    Path old = Files.isSymbolicLink(data) ? folder.resolve(Files.readSymbolicLink(data)) : null;
    if (old != null && same(old, files)) {
      return false;
    }
    Path fresh = freshFolder();
    for (Map.Entry<String, VolumeFile> e : files.entrySet()) {
      writeFile(fresh, e.getKey(), e.getValue());
    }
    Path next = folder.resolve("..data_tmp");
    Files.deleteIfExists(next);
    Files.createSymbolicLink(next, fresh.getFileName());
    Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    link(files.keySet());
    if (old != null) {
      Trees.delete(old);
    }
    return true;
  }

  private Path freshFolder() throws IOException {
    String name =
        ".."
            + DATE.format(Instant.now())
            + "."
            + ThreadLocalRandom.current().nextInt(100_000_000, 1_000_000_000);
    Path fresh = Files.createDirectory(folder.resolve(name));
    own(fresh, 0755, -1);
    return fresh;
  }

  private void writeFile(Path fresh, String name, VolumeFile file) throws IOException {
    Path path = fresh.resolve(name);
    Path parent = path.getParent();
    if (parent != null && !parent.equals(fresh)) {
      Files.createDirectories(parent);
      for (Path p = parent; p != null && !p.equals(fresh); p = p.getParent()) {
        own(p, 0755, -1);
      }
    }
    Files.write(path, file.content());
    own(path, file.mode(), file.owner());
  }

  private void own(Path path, int mode, long owner) throws IOException {
    int bits = mode;
    if (owner >= 0) {
      Files.setAttribute(path, "unix:uid", Math.toIntExact(owner));
    }
    if (group != null) {
      Files.setAttribute(path, "unix:gid", Math.toIntExact(group));
      bits |= Files.isDirectory(path) ? 02050 : 0040;
    }
    Files.setAttribute(path, "unix:mode", bits);
  }

  /** Makes the first names of all paths links through {@code ..data}, and removes others. */
  private void link(Set<String> names) throws IOException {
    Set<String> wanted = new TreeSet<>();
    for (String name : names) {
      int slash = name.indexOf('/');
      wanted.add(slash < 0 ? name : name.substring(0, slash));
    }
    Set<String> present = new HashSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (name.startsWith("..")) {
          continue;
        }
        if (wanted.contains(name)) {
          present.add(name);
        } else {
          Files.deleteIfExists(entry);
        }
      }
    }
    for (String name : wanted) {
      if (!present.contains(name)) {
        Files.createSymbolicLink(folder.resolve(name), Path.of(DATA, name));
      }
    }
  }

  private boolean same(Path old, Map<String, VolumeFile> files) throws IOException {
    Set<String> present = new HashSet<>();
    try (Stream<Path> tree = Files.walk(old)) {
      tree.filter(Files::isRegularFile).forEach(f -> present.add(old.relativize(f).toString()));
    } catch (NoSuchFileException e) {
      return false;
    }
    if (!present.equals(files.keySet())) {
      return false;
    }
    for (Map.Entry<String, VolumeFile> e : files.entrySet()) {
      Path path = old.resolve(e.getKey());
      int mode = (Integer) Files.getAttribute(path, "unix:mode") & 07777;
      int wanted = e.getValue().mode() | (group == null ? 0 : 0040);
      if (mode != wanted || !Arrays.equals(Files.readAllBytes(path), e.getValue().content())) {
        return false;
      }
    }
    return true;
  }
}
