package io.kubra.network.cni;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The default network: a bridge on the node, addresses from the node's pod range by host-local,
 * host ports by portmap, and the limits of the {@code kubernetes.io/ingress-bandwidth} and {@code
 * egress-bandwidth} annotations by bandwidth. A conflist of another name that sorts before it,
 * {@code 10-kubra.conflist}, replaces it.
 */
public final class BridgeConfig {
  private static final Pattern CIDR = Pattern.compile("[0-9.]+/[0-9]{1,2}");
  private static final List<Path> PROGRAMS =
      List.of(Path.of("/usr/lib/cni"), Path.of("/opt/cni/bin"));

  /** What is chained after the bridge where the machine has it, by the plugin's capability. */
  private static final Map<String, String> CHAINED =
      new TreeMap<>(Map.of("portmap", "portMappings", "bandwidth", "bandwidth"));

  private BridgeConfig() {}

  /**
   * The conflist for a node with the given pod range.
   *
   * @param available whether the machine has a plugin
   */
  public static String conflist(String podRange, Predicate<String> available) {
    if (!CIDR.matcher(podRange).matches()) {
      throw new IllegalArgumentException("not an IPv4 range: " + podRange);
    }
    return """
        {
          "cniVersion": "0.4.0",
          "name": "kubra",
          "plugins": [
            {
              "type": "bridge",
              "bridge": "cni0",
              "isDefaultGateway": true,
              "hairpinMode": true,
              "ipMasq": false,
              "ipam": {
                "type": "host-local",
                "ranges": [[{"subnet": "%s"}]],
                "dataDir": "/var/lib/cni/networks"
              }
            }%s
          ]
        }
        """
        .formatted(podRange, chained(available));
  }

  private static String chained(Predicate<String> available) {
    StringBuilder plugins = new StringBuilder();
    CHAINED.forEach(
        (type, capability) -> {
          if (available.test(type)) {
            plugins.append(
                ",\n    {\"type\": \"%s\", \"capabilities\": {\"%s\": true}}"
                    .formatted(type, capability));
          }
        });
    return plugins.toString();
  }

  private static boolean installed(String plugin) {
    return PROGRAMS.stream().anyMatch(folder -> Files.isExecutable(folder.resolve(plugin)));
  }

  /** Writes the conflist into the folder the runtime reads, if it is not there already. */
  public static void write(Path folder, String podRange) throws IOException {
    Path file = folder.resolve("10-kubra.conflist");
    String wanted = conflist(podRange, BridgeConfig::installed);
    if (Files.exists(file) && Files.readString(file).equals(wanted)) {
      return;
    }
    Files.createDirectories(folder);
    Path temporary = folder.resolve(".10-kubra.conflist.new");
    Files.write(temporary, wanted.getBytes(StandardCharsets.UTF_8));
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
