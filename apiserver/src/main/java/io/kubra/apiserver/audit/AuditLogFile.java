package io.kubra.apiserver.audit;

import io.kubra.api.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events as lines of JSON in a file that only its owner reads. Before the file grows beyond its
 * size it is renamed after the time ({@code audit-2026-01-02T03-04-05.678.log}), and the oldest of
 * the renamed ones are removed.
 */
public final class AuditLogFile implements AuditSink {
  private static final Logger log = LoggerFactory.getLogger(AuditLogFile.class);
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSS").withZone(ZoneOffset.UTC);

  private final Path file;
  private final long maxBytes;
  private final int maxBackups;
  private final Duration maxAge;
  private final Clock clock;
  private @Nullable OutputStream out;
  private long size;
  private boolean failing;

  /**
   * @param maxBytes how large the file becomes
   * @param maxBackups how many renamed files are kept; 0 for any number
   * @param maxAge how long they are kept; zero for ever
   */
  public AuditLogFile(Path file, long maxBytes, int maxBackups, Duration maxAge, Clock clock) {
    this.file = file;
    this.maxBytes = maxBytes;
    this.maxBackups = maxBackups;
    this.maxAge = maxAge;
    this.clock = clock;
    try {
      open();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open the audit log " + file, e);
    }
  }

  @Override
  public void accept(List<Map<String, Object>> events) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream(1024 * events.size());
    for (Map<String, Object> event : events) {
      lines.writeBytes(Json.write(event));
      lines.write('\n');
    }
    write(lines);
  }

  private synchronized void write(ByteArrayOutputStream lines) {
    try {
      if (size > 0 && size + lines.size() > maxBytes) {
        rotate();
      }
      OutputStream to = out == null ? open() : out;
      lines.writeTo(to);
      size += lines.size();
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        failing = true;
        log.error("the audit log {} cannot be written", file, e);
      }
    }
  }

  private OutputStream open() throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    OutputStream opened = Files.newOutputStream(file, StandardOpenOption.APPEND);
    out = opened;
    size = Files.size(file);
    return opened;
  }

  private void rotate() throws IOException {
    shut();
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    String base = dot <= 0 ? name : name.substring(0, dot);
    String extension = dot <= 0 ? "" : name.substring(dot);
    Instant now = clock.instant();
    Path backup = file.resolveSibling(base + "-" + STAMP.format(now) + extension);
    Files.move(file, backup, StandardCopyOption.REPLACE_EXISTING);
    open();
    try {
      prune(base + "-", extension, now);
    } catch (IOException | UncheckedIOException e) {
      // what cannot be removed must not keep events from being written
      log.warn("old files beside the audit log {} cannot be removed", file, e);
    }
  }

  private void prune(String prefix, String extension, Instant now) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      return;
    }
    List<Path> backups;
    try (Stream<Path> files = Files.list(folder)) {
      backups =
          files
              .filter(f -> isBackup(String.valueOf(f.getFileName()), prefix, extension))
              .sorted()
              .toList();
    }
    for (int i = 0; i < backups.size(); i++) {
      boolean many = maxBackups > 0 && backups.size() - i > maxBackups;
      boolean old =
          maxAge.isPositive()
              && Files.getLastModifiedTime(backups.get(i)).toInstant().isBefore(now.minus(maxAge));
      if (many || old) {
        Files.deleteIfExists(backups.get(i));
      }
    }
  }

  private static boolean isBackup(String name, String prefix, String extension) {
    return name.startsWith(prefix)
        && name.endsWith(extension)
        && name.length()
            == prefix.length() + "yyyy-MM-ddTHH-mm-ss.SSS".length() + extension.length();
  }

  private void shut() throws IOException {
    OutputStream open = out;
    out = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public synchronized void close() {
    try {
      shut();
    } catch (IOException e) {
      log.warn("the audit log {} was not closed well", file, e);
    }
  }
}
