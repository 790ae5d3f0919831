package io.kubra.apiserver.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a file from time to time and hands its content on when it has changed. Content that is
 * refused (by an exception) is reported, and what was in force before stays so.
 */
public final class FollowedFile implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FollowedFile.class);

  /** How often files are looked at unless a test is in a hurry. */
  public static final Duration INTERVAL = Duration.ofSeconds(10);

  private final Path file;
  private final Taker taker;
  private final Duration interval;
  private final Thread thread;
  private byte[] content;

  /** Takes the content of a file into use. */
  @FunctionalInterface
  public interface Taker {
    /**
     * @throws IllegalArgumentException if the content is wrong
     */
    void take(byte[] content);
  }

  /**
   * @param content what was read before and is in force
   */
  public FollowedFile(Path file, byte[] content, Duration interval, Taker taker) {
    this.file = file;
    this.content = content;
    this.interval = interval;
    this.taker = taker;
    thread = Thread.ofVirtual().name("follow-" + file.getFileName()).unstarted(this::run);
  }

  /** Begins to look. */
  public void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(interval);
        look();
      }
    } catch (InterruptedException e) {
      log.trace("{} is left alone", file);
    }
  }

  private void look() {
    try {
      byte[] now = Files.readAllBytes(file);
      if (!Arrays.equals(now, content)) {
        content = now;
        taker.take(now);
        log.info("{} has changed and is in force", file);
      }
    } catch (IOException | RuntimeException e) {
      log.error("{} is wrong, the last good one stays in force: {}", file, e.getMessage());
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
