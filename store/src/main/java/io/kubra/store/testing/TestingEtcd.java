package io.kubra.store.testing;

import io.kubra.store.etcd.EtcdConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The distribution's etcd on loopback, empty and without TLS, for one test. */
public final class TestingEtcd implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/bin/etcd");
  private static final long POLL_NANOS = 20_000_000;

  private final Path folder;
  private final int client = freePort();
  private final int peer = freePort();
  private final List<String> more;
  private Process process;

  /**
   * Starts it and waits until it listens.
   *
   * @param folder where its data and its log go
   * @param more further arguments
   */
  public TestingEtcd(Path folder, String... more) {
    this.folder = folder;
    this.more = List.of(more);
    this.process = start();
  }

  /** How a store reaches it. */
  public EtcdConfig config() {
    return new EtcdConfig(List.of(URI.create("http://127.0.0.1:" + client)), null, null, null);
  }

  /** Where it listens. */
  public URI endpoint() {
    return config().endpoints().getFirst();
  }

  private Process start() {
    List<String> command = new ArrayList<>();
    command.add(PROGRAM.toString());
    command.add("--data-dir=" + folder.resolve("etcd-" + client));
    command.add("--listen-client-urls=http://127.0.0.1:" + client);
    command.add("--advertise-client-urls=http://127.0.0.1:" + client);
    command.add("--listen-peer-urls=http://127.0.0.1:" + peer);
    command.add("--initial-advertise-peer-urls=http://127.0.0.1:" + peer);
    command.add("--initial-cluster=default=http://127.0.0.1:" + peer);
    command.add("--heartbeat-interval=10");
    command.add("--election-timeout=100");
    command.addAll(more);
    try {
      Process started =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("etcd.log").toFile()))
              .start();
      awaitPort(started);
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it as a power failure would, and starts it again with the data it has. */
  public void killAndRestart() {
    close();
    process = start();
  }

  /** A first attempt to connect that fails would make the connection wait a second. */
  private void awaitPort(Process started) {
    while (started.isAlive()) {
      try (Socket unused = new Socket(InetAddress.getLoopbackAddress(), client)) {
        return;
      } catch (IOException e) {
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the program is installed. */
  public static boolean present() {
    return Files.isExecutable(PROGRAM);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
