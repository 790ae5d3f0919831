package io.kubra.cli.server;

import io.kubra.api.status.ApiException;
import io.kubra.client.AccountToken;
import io.kubra.client.ApiClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the token of Prometheus' service account in a file: good for an hour, renewed after half of
 * it. The folder belongs to Prometheus' group and is made by whoever starts Prometheus; nothing is
 * written before it is there.
 */
final class PrometheusToken implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PrometheusToken.class);
  private static final String NAMESPACE = "kube-system";
  private static final String ACCOUNT = "prometheus";
  private static final Duration LIFETIME = Duration.ofHours(1);
  private static final Duration RENEWAL = LIFETIME.dividedBy(2);
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Duration LOOK_LATER = Duration.ofSeconds(10);
  private static final Duration SOON = Duration.ofMinutes(2);

  private final ApiClient client;
  private final Path folder;
  private final Thread thread;

  PrometheusToken(ApiClient client, Path folder) {
    this.client = client;
    this.folder = folder;
    this.thread = Thread.ofVirtual().name("prometheus-token").start(this::run);
  }

  private void run() {
    Instant started = Instant.now();
    Instant written = Instant.EPOCH;
    try {
      while (true) {
        Duration pause = LOOK;
        Path file = folder.resolve("token");
        boolean due = !Files.exists(file) || Instant.now().isAfter(written.plus(RENEWAL));
        if (Files.isDirectory(folder) && due) {
          try {
            write(file);
            written = Instant.now();
          } catch (ApiException | UncheckedIOException | IOException e) {
            LOG.warn("the token of Prometheus was not renewed: {}", e.getMessage());
          }
        }
        if (written.isAfter(Instant.EPOCH) || Instant.now().isAfter(started.plus(SOON))) {
          pause = LOOK_LATER;
        }
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      LOG.trace("the token of Prometheus is left alone");
    }
  }

  private void write(Path file) throws IOException {
    String token = AccountToken.request(client, NAMESPACE, ACCOUNT, LIFETIME);
    Path fresh = folder.resolve(".token");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
    Files.setAttribute(fresh, "unix:gid", Files.getAttribute(folder, "unix:gid"));
    Files.write(fresh, token.getBytes(StandardCharsets.UTF_8));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
