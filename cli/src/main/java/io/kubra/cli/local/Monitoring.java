package io.kubra.cli.local;

import io.kubra.cli.CliException;
import io.kubra.cli.config.Part;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Prometheus, Alertmanager and the node exporters of a cluster: the distribution's programs, each
 * under its own unprivileged user. Prometheus and Alertmanager listen on loopback, the exporters on
 * the addresses of their machines.
 */
public final class Monitoring {
  private static final String LOOPBACK = "127.0.0.1";
  private static final int EXPORTER_PORT = 9100;
  private static final int PROMETHEUS_PORT = 9090;
  private static final int ALERTMANAGER_PORT = 9093;
  private static final int PORTS_APART = 10;
  private static final int CONNECT_MILLIS = 500;
  private static final Duration TOKEN_LIMIT = Duration.ofSeconds(5);
  private static final long POLL_NANOS = 25_000_000;

  private Monitoring() {}

  /** Where Prometheus is reached on this host. */
  public static String prometheusUrl(LocalCluster cluster) {
    return "http://" + LOOPBACK + ":" + prometheusPort(cluster);
  }

  /** Where Alertmanager is reached on this host. */
  public static String alertmanagerUrl(LocalCluster cluster) {
    return "http://" + LOOPBACK + ":" + alertmanagerPort(cluster);
  }

  /** Where the user may put Alertmanager's configuration: receivers, routes. */
  public static Path alertmanagerConfiguration(LocalCluster cluster) {
    return cluster.state().resolve("alertmanager.yml");
  }

  private static int prometheusPort(LocalCluster cluster) {
    return PROMETHEUS_PORT + PORTS_APART * cluster.index();
  }

  private static int alertmanagerPort(LocalCluster cluster) {
    return ALERTMANAGER_PORT + PORTS_APART * cluster.index();
  }

  /** The programs that the cluster wants. */
  static List<ManagedProgram> programs(LocalCluster cluster) {
    List<ManagedProgram> programs = new ArrayList<>();
    if (cluster.enabled(Part.NODE_EXPORTER)) {
      programs.add(
          exporter(ManagedProgram.onHost(cluster, "node-exporter"), cluster.hostAddress()));
      for (Machine machine : cluster.machines()) {
        programs.add(
            exporter(ManagedProgram.onMachine(machine, "node-exporter"), machine.address()));
      }
    }
    if (cluster.enabled(Part.ALERTMANAGER)) {
      programs.add(alertmanager(cluster));
    }
    if (cluster.enabled(Part.PROMETHEUS)) {
      programs.add(prometheus(cluster));
    }
    return programs;
  }

  private static ManagedProgram exporter(ManagedProgram.Builder exporter, String address) {
    return exporter
        .user("prometheus")
        .command(
            List.of(
                "/usr/bin/prometheus-node-exporter",
                "--web.listen-address=" + address + ":" + EXPORTER_PORT,
                "--collector.textfile.directory=" + exporter.data(),
                "--collector.filesystem.mount-points-exclude="
                    + "^/(dev|proc|sys|run|var/lib/kubra|var/lib/kubelet/pods)($|/)",
                "--collector.netclass.ignored-devices=^(veth|lo).*",
                "--collector.netdev.device-exclude=^(veth|lo).*",
                "--log.level=warn"))
        .ready(() -> listens(address, EXPORTER_PORT))
        .build();
  }

  private static ManagedProgram alertmanager(LocalCluster cluster) {
    ManagedProgram.Builder program = ManagedProgram.onHost(cluster, "alertmanager");
    int port = alertmanagerPort(cluster);
    return program
        .user("prometheus")
        .command(
            List.of(
                "/usr/bin/prometheus-alertmanager",
                "--config.file=" + program.conf().resolve("alertmanager.yml"),
                "--storage.path=" + program.data(),
                "--data.retention=120h",
                "--web.listen-address=" + LOOPBACK + ":" + port,
                "--cluster.listen-address=",
                "--log.level=warn"))
        .prepare(
            folder -> {
              Path own = alertmanagerConfiguration(cluster);
              write(
                  folder.resolve("alertmanager.yml"),
                  Files.exists(own) ? read(own) : resource("alertmanager.yml"));
            })
        .ready(() -> listens(LOOPBACK, port))
        .build();
  }

  private static ManagedProgram prometheus(LocalCluster cluster) {
    ManagedProgram.Builder program = ManagedProgram.onHost(cluster, "prometheus");
    int port = prometheusPort(cluster);
    Path token = program.folder().resolve("token");
    return program
        .user("prometheus")
        .command(
            List.of(
                // The heap may not grow far beyond what the series need.
                "/usr/bin/env",
                "GOGC=60",
                "GOMEMLIMIT=400MiB",
                "/usr/bin/prometheus",
                "--config.file=" + program.conf().resolve("prometheus.yml"),
                "--storage.tsdb.path=" + program.data(),
                "--storage.tsdb.retention.time=7d",
                "--storage.tsdb.retention.size=1GB",
                "--storage.tsdb.wal-compression",
                "--query.max-concurrency=4",
                "--query.max-samples=5000000",
                "--web.listen-address=" + LOOPBACK + ":" + port,
                "--web.max-connections=64",
                "--log.level=warn"))
        .prepare(
            folder -> {
              write(
                  folder.resolve("prometheus.yml"), configuration(cluster, program.conf(), token));
              write(folder.resolve("rules.yml"), resource("rules.yml"));
              write(
                  folder.resolve("ca.crt"),
                  read(ClusterCredentials.pkiFolder(cluster).resolve("ca.crt")));
              tokenFolder(token);
            })
        .ready(() -> listens(LOOPBACK, port))
        .build();
  }

  /** Prometheus' configuration; paths are those that it sees. */
  static String configuration(LocalCluster cluster, Path conf, Path token) {
    String text = resource("prometheus.yml");
    Map<String, String> values =
        Map.of(
            "CLUSTER",
            cluster.name(),
            "API_SERVER",
            LOOPBACK + ":" + cluster.apiPort(),
            "PROMETHEUS",
            LOOPBACK + ":" + prometheusPort(cluster),
            "ALERTMANAGER",
            LOOPBACK + ":" + alertmanagerPort(cluster),
            "CONF",
            conf.toString(),
            "TOKEN",
            token.resolve("token").toString());
    for (Map.Entry<String, String> value : values.entrySet()) {
      text = text.replace("${" + value.getKey() + "}", value.getValue());
    }
    StringBuilder kept = new StringBuilder();
    boolean keep = true;
    for (String line : text.lines().toList()) {
      // What belongs to a part that is off stands between "#if part" and "#end".
      if (line.startsWith("#if ")) {
        keep = cluster.enabled(Part.of(line.substring(4)));
      } else if (line.equals("#end")) {
        keep = true;
      } else if (keep) {
        kept.append(line).append('\n');
      }
    }
    return kept.toString();
  }

  /** The server keeps the token current in this folder, which only Prometheus' group may enter. */
  private static void tokenFolder(Path folder) {
    try {
      Files.createDirectories(folder);
      ProgramUser.of("prometheus").mayRead(folder);
      // Without the token Prometheus would find nothing before it asks again half a minute later.
      long end = System.nanoTime() + TOKEN_LIMIT.toNanos();
      while (!Files.exists(folder.resolve("token")) && System.nanoTime() < end) {
        LockSupport.parkNanos(POLL_NANOS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean listens(String address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new CliException("cannot read " + file + ": " + e.getMessage());
    }
  }

  private static String resource(String name) {
    try (InputStream in = Monitoring.class.getResourceAsStream("monitoring/" + name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
