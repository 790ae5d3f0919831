package io.kubra.node.container;

import io.kubra.model.core.v1.HostAlias;
import io.kubra.model.core.v1.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The {@code /etc/hosts} of a pod, which the agent writes and all its containers share. */
public final class HostsFile {
  private HostsFile() {}

  /** Writes the file for a pod. */
  public static void write(Path file, Pod pod, PodHostname hostname, List<String> ips)
      throws IOException {
    StringBuilder text = new StringBuilder();
    if (Boolean.TRUE.equals(pod.spec().hostNetwork())) {
      text.append("# Kubernetes-managed hosts file (host network).\n");
      Path host = Path.of("/etc/hosts");
      if (Files.isReadable(host)) {
        text.append(Files.readString(host));
      }
    } else {
      text.append(
          """
          # Kubernetes-managed hosts file.
          127.0.0.1\tlocalhost
          ::1\tlocalhost ip6-localhost ip6-loopback
          fe00::0\tip6-localnet
          fe00::0\tip6-mcastprefix
          fe00::1\tip6-allnodes
          fe00::2\tip6-allrouters
          """);
      for (String ip : ips) {
        text.append(ip);
        if (!hostname.fqdn().isEmpty()) {
          text.append('\t').append(hostname.fqdn());
        }
        text.append('\t').append(hostname.shortName()).append('\n');
      }
    }
    if (!pod.spec().hostAliases().isEmpty()) {
      text.append("\n# Entries added by HostAliases.\n");
      for (HostAlias alias : pod.spec().hostAliases()) {
        text.append(alias.ip())
            .append('\t')
            .append(String.join("\t", alias.hostnames()))
            .append('\n');
      }
    }
    // Containers have the file itself mounted: replacing it would not reach them.
    Files.createDirectories(file.toAbsolutePath().getParent());
    String wanted = text.toString();
    if (!Files.exists(file) || !Files.readString(file).equals(wanted)) {
      Files.writeString(file, wanted);
    }
  }
}
