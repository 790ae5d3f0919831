package io.kubra.node.logs;

import io.kubra.node.cri.CriClient;
import io.kubra.node.cri.CriException;
import io.kubra.node.cri.v1.Cri;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the logs of running containers from growing without end: a file that is too large is put
 * aside, the one put aside before is compressed, and the oldest are deleted.
 */
public final class LogRotation implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogRotation.class);
  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final CriClient cri;
  private final long largest;
  private final int files;
  private final InstantSource clock;
  private final Thread thread;

  /**
   * Starts to watch over the logs.
   *
   * @param largest the bytes after which a file is put aside
   * @param files how many files a container may have
   */
  public LogRotation(CriClient cri, long largest, int files, InstantSource clock) {
    this.cri = cri;
    this.largest = largest;
    this.files = files;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("log-rotation").start(this::run);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(PERIOD);
        try {
          rotateAll();
        } catch (CriException | IOException e) {
          LOG.debug("logs not rotated: {}", e.getMessage());
        }
      }
    } catch (InterruptedException e) {
      LOG.trace("log rotation ends");
    }
  }

  private void rotateAll() throws IOException {
    for (Cri.Container container : cri.containers(Map.of())) {
      if (container.getState() != Cri.ContainerState.CONTAINER_RUNNING) {
        continue;
      }
      String path = cri.containerStatus(container.getId()).getLogPath();
      if (path.isEmpty()) {
        continue;
      }
      Path file = Path.of(path);
      if (Files.isRegularFile(file) && Files.size(file) > largest) {
        rotate(container.getId(), file);
      }
    }
  }

  void rotate(String container, Path file) throws IOException {
    List<Path> aside = aside(file);
    // The present file and the one put aside now count as well.
    while (aside.size() > files - 2) {
      Files.deleteIfExists(aside.removeFirst());
    }
    for (Path old : aside) {
      if (!old.toString().endsWith(".gz")) {
        compress(old);
      }
    }
    Path next = Path.of(file + "." + TIME.format(clock.instant()));
    Files.move(file, next, StandardCopyOption.ATOMIC_MOVE);
    try {
      cri.reopenContainerLog(container);
    } catch (CriException e) {
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      throw e;
    }
  }

  private static List<Path> aside(Path file) throws IOException {
    List<Path> found = new ArrayList<>();
    Path folder = file.toAbsolutePath().getParent();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(folder, file.getFileName() + ".*")) {
      entries.forEach(found::add);
    }
    found.sort(null);
    return found;
  }

  private static void compress(Path old) throws IOException {
    Path part = Path.of(old + ".tmp");
    try (var out = new GZIPOutputStream(Files.newOutputStream(part))) {
      Files.copy(old, out);
    }
    Files.move(part, Path.of(old + ".gz"), StandardCopyOption.ATOMIC_MOVE);
    Files.delete(old);
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
