package io.kubra.cli.host;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The machine's processors.
 *
 * @param threads how many CPUs the kernel schedules on
 * @param sockets how many packages they are in
 * @param cores how many cores they are on, in all packages
 * @param multithreading whether cores run several threads each
 * @param multithreadingPossible whether they could
 * @param flags the features, as {@code /proc/cpuinfo} names them
 */
public record Processors(
    int threads,
    int sockets,
    int cores,
    boolean multithreading,
    boolean multithreadingPossible,
    String vendor,
    String family,
    String model,
    Set<String> flags) {
  /** Reads them. */
  public static Processors read(HostFiles host) {
    String vendor = "";
    String family = "";
    String model = "";
    Set<String> flags = Set.of();
    int threads = 0;
    for (String line : host.lines("/proc/cpuinfo")) {
      int colon = line.indexOf(':');
      if (colon < 0) {
        continue;
      }
      String value = line.substring(colon + 1).strip();
      switch (line.substring(0, colon).strip()) {
        case "processor" -> threads++;
        case "vendor_id" -> vendor = value;
        case "cpu family" -> family = value;
        case "model" -> model = value;
        case "flags", "Features" -> flags = threads > 1 ? flags : Set.of(value.split(" "));
        default -> {}
      }
    }
    Set<String> sockets = new HashSet<>();
    Set<String> cores = new HashSet<>();
    String folder = "/sys/devices/system/cpu";
    for (String cpu : host.names(folder)) {
      String topology = folder + "/" + cpu + "/topology/";
      if (cpu.matches("cpu[0-9]+") && host.exists(topology)) {
        String socket = host.read(topology + "physical_package_id");
        sockets.add(socket);
        cores.add(socket + "/" + host.read(topology + "core_id"));
      }
    }
    String control = host.read(folder + "/smt/control");
    return new Processors(
        threads,
        Math.max(1, sockets.size()),
        Math.max(1, cores.size()),
        host.number(folder + "/smt/active", 0) == 1,
        List.of("on", "off").contains(control),
        vendor,
        family,
        model,
        flags);
  }

  /** Whether a hypervisor runs this machine. */
  public boolean virtual() {
    return flags.contains("hypervisor");
  }
}
