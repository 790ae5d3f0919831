package io.kubra.addons.manifests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The manifests in a folder and its subfolders. */
final class FolderFiles {
  private static final long LARGEST = 16L << 20;

  /** What changes whenever a file is written. */
  record Stamp(long size, long modified, String inode) {}

  private final Path folder;

  FolderFiles(Path folder) {
    this.folder = folder;
  }

  /** Makes the folder, for its owner alone, if it is not there. */
  void make() throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /**
   * All manifests by their path in the folder, in the order in which they are applied. Hidden files
   * and those that have a neighbour {@code FILE.skip} are left out.
   *
   * @throws IOException if the folder or a part of it cannot be read; nothing is known then
   */
  SortedMap<String, Stamp> list() throws IOException {
    SortedMap<String, Stamp> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        String source = folder.relativize(file).toString();
        if (manifest(source) && Files.isRegularFile(file)) {
          if (!Files.exists(file.resolveSibling(file.getFileName() + ".skip"))) {
            BasicFileAttributes a = Files.readAttributes(file, BasicFileAttributes.class);
            found.put(
                source,
                new Stamp(a.size(), a.lastModifiedTime().toMillis(), String.valueOf(a.fileKey())));
          }
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause() == null ? new IOException(e) : e.getCause();
    }
    return found;
  }

  private static boolean manifest(String source) {
    String name = source.toLowerCase(Locale.ROOT);
    return !("/" + source).contains("/.")
        && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
  }

  /**
   * Reads a manifest.
   *
   * @throws ManifestProblem if it cannot be read, or if anybody on this machine could have written
   *     it: what it says is done with all rights
   */
  byte[] read(String source) {
    Path file = folder.resolve(source);
    try {
      for (Path at = file; at != null && at.startsWith(folder); at = at.getParent()) {
        if (Files.getPosixFilePermissions(at).contains(PosixFilePermission.OTHERS_WRITE)) {
          throw new ManifestProblem(at + " may be written by anybody; chmod o-w it");
        }
      }
      if (Files.size(file) > LARGEST) {
        throw new ManifestProblem("the file is larger than " + LARGEST + " bytes");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new ManifestProblem("the file cannot be read: " + e.getMessage());
    }
  }
}
