package io.kubra.cli.server;

import io.kubra.cli.CliException;
import io.kubra.cli.config.ClusterConfiguration;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
            ClusterConfiguration.read(Path.of(take(given, "config"))));
    if (!given.isEmpty()) {
      throw new CliException("unknown options: " + given.keySet());
    }
    return options;
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
