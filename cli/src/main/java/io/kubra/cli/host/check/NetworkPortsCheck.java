package io.kubra.cli.host.check;

import io.kubra.cli.host.HostFiles;
import io.kubra.cli.host.NetworkPort;
import io.kubra.cli.host.Processors;
import java.util.List;
import java.util.stream.Collectors;

/** Number, speed and SR-IOV of ports (ra2.ch.002, 013, 014, 015). */
final class NetworkPortsCheck implements HostCheck {
  @Override
  public String name() {
    return "network ports";
  }

  @Override
  public Finding check(HostFiles host) {
    List<NetworkPort> ports = NetworkPort.read(host);
    String found =
        ports.stream()
            .map(
                p ->
                    p.name()
                        + (p.megabits() > 0 ? " " + p.megabits() + " Mbit/s" : "")
                        + (p.functionsPossible() > 0
                            ? " SR-IOV " + p.functions() + "/" + p.functionsPossible()
                            : ""))
            .collect(Collectors.joining(", "));
    if (ports.isEmpty()) {
      return Finding.warning("no port with a device", "a node needs a network");
    }
    if (Processors.read(host).virtual()) {
      return Finding.ok(found);
    }
    if (ports.size() < 4) {
      return Finding.warning(found, "RA2 asks for 4 ports (ra2.ch.013)");
    }
    return ports.stream().anyMatch(p -> p.megabits() > 0 && p.megabits() < 10_000)
        ? Finding.warning(found, "RA2 asks for 10 Gbit/s, 25 for high performance (ra2.ch.014)")
        : Finding.ok(found);
  }
}
