package io.kubra.cli.host.check;

import io.kubra.cli.host.HostFiles;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The ports of the API server and of the node. */
final class PortsCheck implements HostCheck {
  private static final Set<Integer> PORTS = Set.of(6443, 10250);

  @Override
  public String name() {
    return "ports";
  }

  @Override
  public Finding check(HostFiles host) {
    Set<Integer> taken = new TreeSet<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : host.lines(table)) {
        String[] words = line.strip().split("\\s+");
        // The state 0A is LISTEN.
        if (words.length > 3 && words[3].equals("0A")) {
          int port = Integer.parseInt(words[1].substring(words[1].lastIndexOf(':') + 1), 16);
          if (PORTS.contains(port)) {
            taken.add(port);
          }
        }
      }
    }
    return taken.isEmpty()
        ? Finding.ok("6443 and 10250 are free")
        : Finding.warning(
            "in use: " + taken, "fine if it is Kubra that uses them: ss -ltnp shows who does");
  }
}
