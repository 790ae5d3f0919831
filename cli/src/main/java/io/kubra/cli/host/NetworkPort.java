package io.kubra.cli.host;

import java.util.ArrayList;
import java.util.List;

/**
 * A port of a network card, without virtual functions and without interfaces that have no device.
 *
 * @param megabits its speed; 0 if the link is down or the device does not tell
 * @param functionsPossible how many SR-IOV functions it could have
 * @param functions how many it has
 */
public record NetworkPort(String name, long megabits, long functionsPossible, long functions) {
  private static final String FOLDER = "/sys/class/net/";

  /** All of the machine. */
  public static List<NetworkPort> read(HostFiles host) {
    List<NetworkPort> ports = new ArrayList<>();
    for (String name : host.names(FOLDER)) {
      String device = FOLDER + name + "/device";
      if (host.exists(device) && !host.exists(device + "/physfn")) {
        ports.add(
            new NetworkPort(
                name,
                Math.max(0, host.number(FOLDER + name + "/speed", 0)),
                host.number(device + "/sriov_totalvfs", 0),
                host.number(device + "/sriov_numvfs", 0)));
      }
    }
    return ports;
  }
}
