package io.kubra.bench.apiserver;

import io.kubra.apiserver.pki.ClusterIdentities;
import io.kubra.apiserver.pki.ClusterPki;
import io.kubra.apiserver.pki.Credentials;
import io.kubra.transport.http.HttpClient;
import io.kubra.transport.tls.ClientTls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A {@link BenchServer} in a child process, in a temporary folder that goes with it. */
final class ServerUnderLoad implements AutoCloseable {
  private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

  private final Path folder;
  private final int port;
  private final Process process;
  private final ClientTls tls;

  private ServerUnderLoad(Path folder, int port, Process process, ClientTls tls) {
    this.folder = folder;
    this.port = port;
    this.process = process;
    this.tls = tls;
  }

  /** Starts the process with the JVM flags and waits until it is ready. */
  static ServerUnderLoad start(Path parent, List<String> flags) throws IOException {
    Files.createDirectories(parent);
    Path folder = Files.createTempDirectory(parent, "load");
    ClientTls tls = administrator(folder.resolve("pki"));
    int port = freePort();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            BenchServer.class.getName(),
            folder.toString(),
            Integer.toString(port)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    ServerUnderLoad server = new ServerUnderLoad(folder, port, process, tls);
    server.awaitReady();
    return server;
  }

  private void awaitReady() throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = lines.readLine();
    while (line != null && !line.equals("ready")) {
      line = lines.readLine();
    }
    if (line == null) {
      close();
      throw new IOException("the server ended before it was ready");
    }
  }

  private static ClientTls administrator(Path folder) {
    try (ClusterPki pki = ClusterPki.open(folder)) {
      Credentials admin = pki.certificate("admin", ClusterIdentities.admin()).get();
      return ClientTls.trusting(List.of(pki.authority().certificate()))
          .withKey(admin.keyMaterial());
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** A client, with connections of its own, that is a cluster administrator. */
  HttpClient client() {
    return HttpClient.builder().tls(tls).build();
  }

  URI uri(String path) {
    return URI.create("https://127.0.0.1:" + port + path);
  }

  /** The process's resident memory in MiB. */
  long residentMegabytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    return 0;
  }

  /** Resident memory, and what of the heap is alive after a full collection. */
  String memory() throws IOException, InterruptedException {
    long resident = residentMegabytes();
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    diagnose(jcmd, "GC.run");
    Matcher spaces = USED.matcher(diagnose(jcmd, "GC.heap_info"));
    long alive = 0;
    while (spaces.find()) {
      alive += Long.parseLong(spaces.group(1));
    }
    return "%d MiB resident, %d MiB of the heap alive".formatted(resident, alive / 1024);
  }

  private String diagnose(String jcmd, String command) throws IOException, InterruptedException {
    Process run =
        new ProcessBuilder(jcmd, Long.toString(process.pid()), command)
            .redirectErrorStream(true)
            .start();
    String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    run.waitFor();
    return output;
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
