package io.kubra.store.etcd;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The distribution's etcd on loopback, empty, for one test. */
final class TestingEtcd implements AutoCloseable {
  static final Path PROGRAM = Path.of("/usr/bin/etcd");

  private final Path folder;
  private final int client = freePort();
  private final int peer = freePort();
  private final List<String> more;
  private Process process;

  TestingEtcd(Path folder, String... more) {
    this.folder = folder;
    this.more = List.of(more);
    this.process = start();
  }

  EtcdConfig config() {
    return new EtcdConfig(List.of(URI.create("http://127.0.0.1:" + client)), null, null, null);
  }

  URI endpoint() {
    return config().endpoints().getFirst();
  }

  private Process start() {
    List<String> command = new java.util.ArrayList<>();
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
  void killAndRestart() {
    close();
    process = start();
  }

  /** A first attempt to connect that fails would make the connection wait a second. */
  private void awaitPort(Process started) {
    await()
        .until(
            () -> {
              try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), client)) {
                return true;
              } catch (IOException e) {
                return !started.isAlive();
              }
            });
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean present() {
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
