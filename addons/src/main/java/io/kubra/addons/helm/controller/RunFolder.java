package io.kubra.addons.helm.controller;

import io.kubra.addons.files.FolderTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one run of Helm, which only this user reads: they hold values and credentials. They
 * go with {@link #close}, or, if this process died before, with the next {@link #clearAll}.
 */
final class RunFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunFolder.class);
  private static final String PROCESS = "process";
  private static final FileAttribute<Set<PosixFilePermission>> OWNERS_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNERS_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path folder;

  private RunFolder(Path folder) {
    this.folder = folder;
  }

  /** A new, empty one. */
  static RunFolder create(Path root) {
    try {
      Files.createDirectories(root, OWNERS_FOLDER);
      return new RunFolder(Files.createTempDirectory(root, "run", OWNERS_FOLDER));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends processes that an earlier server left behind, and removes their files. */
  static void clearAll(Path root) {
    if (!Files.isDirectory(root)) {
      return;
    }
    try (Stream<Path> folders = Files.list(root)) {
      for (Path each : folders.toList()) {
        RunFolder old = new RunFolder(each);
        old.endProcess();
        old.close();
      }
    } catch (IOException e) {
      // New runs have folders of their own; what is left here must not keep the server from work.
      LOG.warn("{} was not cleared: {}", root, e.toString());
    }
  }

  Path path() {
    return folder;
  }

  /** Writes a file, whose name may lead into subfolders, and returns its path. */
  Path write(String name, byte[] content) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.createFile(file, OWNERS_FILE);
      return Files.write(file, content, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Remembers a process until the folder is removed. */
  void remember(ProcessHandle process) {
    write(PROCESS, (process.pid() + " " + started(process)).getBytes(StandardCharsets.UTF_8));
  }

  private void endProcess() {
    try {
      List<String> words = List.of(Files.readString(folder.resolve(PROCESS)).split(" ", 2));
      ProcessHandle.of(Long.parseLong(words.getFirst()))
          .filter(process -> started(process).equals(words.getLast()))
          .ifPresent(ProcessHandle::destroyForcibly);
    } catch (IOException | NumberFormatException e) {
      LOG.debug("no process in {}: {}", folder, e.toString());
    }
  }

  /** Tells a process from a later one with the same number. */
  private static String started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("");
  }

  @Override
  public void close() {
    try {
      FolderTree.delete(folder);
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("{} was not removed: {}", folder, e.toString());
    }
  }
}
