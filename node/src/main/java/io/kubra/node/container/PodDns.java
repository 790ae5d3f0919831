package io.kubra.node.container;

import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodDNSConfig;
import io.kubra.model.core.v1.PodDNSConfigOption;
import io.kubra.node.cri.v1.Cri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What goes into a pod's resolv.conf.
 *
 * @param clusterServers the addresses of the cluster's DNS, none without one
 * @param clusterDomain the domain of the cluster
 * @param resolvConf the node's own configuration
 */
public record PodDns(List<String> clusterServers, String clusterDomain, Path resolvConf) {
  private static final int MOST_SERVERS = 3;

  /** The configuration for a pod by its DNS policy and its own additions. */
  public Cri.DNSConfig of(Pod pod) {
    String policy = Objects.requireNonNullElse(pod.spec().dnsPolicy(), "ClusterFirst");
    boolean hostNetwork = Boolean.TRUE.equals(pod.spec().hostNetwork());
    boolean cluster =
        !clusterServers.isEmpty()
            && (policy.equals("ClusterFirstWithHostNet")
                || (policy.equals("ClusterFirst") && !hostNetwork));
    Set<String> servers = new LinkedHashSet<>();
    Set<String> searches = new LinkedHashSet<>();
    Map<String, String> options = new LinkedHashMap<>();
    if (!policy.equals("None")) {
      readNode(servers, searches, options);
    }
    if (cluster) {
      servers.clear();
      servers.addAll(clusterServers);
      Set<String> node = new LinkedHashSet<>(searches);
      searches.clear();
      if (!clusterDomain.isEmpty()) {
        searches.add(pod.metadata().namespace() + ".svc." + clusterDomain);
        searches.add("svc." + clusterDomain);
        searches.add(clusterDomain);
      }
      searches.addAll(node);
      options.put("ndots", "5");
    }
    addOwn(pod.spec().dnsConfig(), servers, searches, options);
    Cri.DNSConfig.Builder config = Cri.DNSConfig.newBuilder();
    servers.stream().limit(MOST_SERVERS).forEach(config::addServers);
    config.addAllSearches(searches);
    options.forEach(
        (name, value) -> config.addOptions(value.isEmpty() ? name : name + ":" + value));
    return config.build();
  }

  private static void addOwn(
      @Nullable PodDNSConfig own,
      Set<String> servers,
      Set<String> searches,
      Map<String, String> options) {
    if (own == null) {
      return;
    }
    servers.addAll(own.nameservers());
    searches.addAll(own.searches());
    for (PodDNSConfigOption option : own.options()) {
      if (option.name() != null) {
        options.put(option.name(), option.value() == null ? "" : option.value());
      }
    }
  }

  private void readNode(Set<String> servers, Set<String> searches, Map<String, String> options) {
    List<String> lines = new ArrayList<>();
    try {
      lines.addAll(Files.readAllLines(resolvConf));
    } catch (IOException e) {
      // A node without resolv.conf resolves nothing; its pods inherit just that.
      return;
    }
    for (String line : lines) {
      String[] words = line.strip().split("\\s+");
      switch (words[0]) {
        case "nameserver" -> {
          if (words.length > 1) {
            servers.add(words[1]);
          }
        }
        case "search" -> {
          searches.clear();
          for (int i = 1; i < words.length; i++) {
            if (!words[i].equals(".")) {
              searches.add(words[i].replaceFirst("\\.$", ""));
            }
          }
        }
        case "options" -> {
          for (int i = 1; i < words.length; i++) {
            int colon = words[i].indexOf(':');
            options.put(
                colon < 0 ? words[i] : words[i].substring(0, colon),
                colon < 0 ? "" : words[i].substring(colon + 1));
          }
        }
        default -> {}
      }
    }
  }
}
