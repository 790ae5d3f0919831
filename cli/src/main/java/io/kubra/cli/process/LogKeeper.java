package io.kubra.cli.process;

import io.kubra.cli.CliException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the logs in a folder bounded: those of the process itself and of the programs beside it,
 * which write to their standard output and know nothing of it. Only processes that {@code kubra up}
 * started do so; elsewhere the host's own log rotation does.
 */
public final class LogKeeper implements AutoCloseable {
  /** Names the folder in the environment of a process that shall keep its logs. */
  public static final String VARIABLE = "KUBRA_LOG_FOLDER";

  private static final Logger LOG = LoggerFactory.getLogger(LogKeeper.class);
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final Path folder;
  private final Thread thread;

  private LogKeeper(Path folder) {
    this.folder = folder;
    this.thread = Thread.ofVirtual().name("logs").start(this::run);
  }

  /** Keeps the logs in the folder that the environment names, if it names one. */
  public static Optional<LogKeeper> start() {
    return Optional.ofNullable(System.getenv(VARIABLE)).map(Path::of).map(LogKeeper::new);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(PAUSE);
        try {
          rotate(folder);
        } catch (IOException e) {
          LOG.warn("logs are not rotated: {}", e.getMessage());
        }
      }
    } catch (InterruptedException e) {
      LOG.trace("logs are left alone");
    }
  }

  /** Rotates all logs in a folder that are large enough. */
  static void rotate(Path folder) throws IOException {
    try (DirectoryStream<Path> logs = Files.newDirectoryStream(folder, "*.log")) {
      for (Path log : logs) {
        try {
          if (Files.isRegularFile(log, LinkOption.NOFOLLOW_LINKS)) {
            RotatedLog.of(log).rotateIfLarge();
          }
        } catch (IOException | CliException e) {
          // The others must not grow because of this one.
          LOG.warn("{} is not rotated: {}", log, e.getMessage());
        }
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
