package io.kubra.cli.server;

import io.kubra.cli.CliException;
import io.kubra.cli.config.ClusterConfiguration;
import io.kubra.store.etcd.EtcdConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The options of {@code kubra server}, all of them given, as arguments of another process. */
public final class ServerArguments {
  private ServerArguments() {}

  /**
   * The arguments that {@link #parse} reads.
   *
   * @param configuration the file that the options' configuration was written to
   */
  public static List<String> of(ServerOptions options, Path configuration) {
    return List.of(
        "--data-dir=" + options.dataDir(),
        "--bind-address=" + options.bindAddress(),
        "--secure-port=" + options.port(),
        "--advertise-address=" + options.advertiseAddress(),
        "--service-cidr=" + options.serviceCidr(),
        "--cluster-cidr=" + options.clusterCidr(),
        "--cluster-domain=" + options.clusterDomain(),
        "--node-name=" + options.nodeName(),
        "--proxy-table=" + options.proxyTable(),
        "--tls-san=" + String.join(",", options.addresses()),
        "--etcd-servers=" + (options.etcd() == null ? "" : join(options.etcd().endpoints())),
        "--etcd-cafile=" + (options.etcd() == null ? "" : text(options.etcd().caFile())),
        "--etcd-certfile=" + (options.etcd() == null ? "" : text(options.etcd().certFile())),
        "--etcd-keyfile=" + (options.etcd() == null ? "" : text(options.etcd().keyFile())),
        "--config=" + configuration);
  }

  /**
   * Reads what {@link #of} wrote.
   *
   * @throws CliException if an option is missing or unknown
   */
  public static ServerOptions parse(List<String> arguments) {
    Map<String, String> given = new HashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (!argument.startsWith("--") || equals < 0) {
        throw new CliException("not an option with a value: " + argument);
      }
      given.put(argument.substring(2, equals), argument.substring(equals + 1));
    }
    ServerOptions options =
        new ServerOptions(
            Path.of(take(given, "data-dir")),
            take(given, "bind-address"),
            Integer.parseInt(take(given, "secure-port")),
            take(given, "advertise-address"),
            take(given, "service-cidr"),
            take(given, "cluster-cidr"),
            take(given, "cluster-domain"),
            take(given, "node-name"),
            take(given, "proxy-table"),
            addresses(take(given, "tls-san")),
            etcd(
                take(given, "etcd-servers"),
                take(given, "etcd-cafile"),
                take(given, "etcd-certfile"),
                take(given, "etcd-keyfile")),
            ClusterConfiguration.read(Path.of(take(given, "config"))));
    if (!given.isEmpty()) {
      throw new CliException("unknown options: " + given.keySet());
    }
    return options;
  }

  private static String join(List<URI> endpoints) {
    return String.join(",", endpoints.stream().map(URI::toString).toList());
  }

  private static String text(@Nullable Path file) {
    return file == null ? "" : file.toString();
  }

  /**
   * The etcd that options in upstream's words describe; null if none is named.
   *
   * @throws CliException if they do not go together
   */
  public static @Nullable EtcdConfig etcd(
      String servers, String caFile, String certFile, String keyFile) {
    if (servers.isEmpty()) {
      return null;
    }
    try {
      return new EtcdConfig(
          Arrays.stream(servers.split(",")).map(String::strip).map(URI::create).toList(),
          file(caFile),
          file(certFile),
          file(keyFile));
    } catch (IllegalArgumentException e) {
      throw new CliException("--etcd-servers: " + e.getMessage());
    }
  }

  private static @Nullable Path file(String name) {
    return name.isEmpty() ? null : Path.of(name);
  }

  private static List<String> addresses(String list) {
    return list.isEmpty() ? List.of() : List.of(list.split(","));
  }

  private static String take(Map<String, String> given, String name) {
    String value = given.remove(name);
    if (value == null) {
      throw new CliException("missing option --" + name);
    }
    return value;
  }
}
