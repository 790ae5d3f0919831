package io.kubra.cli.host.check;

import io.kubra.cli.host.HostFiles;
import io.kubra.cli.host.Processors;

/** Sockets, cores and multi-threading (ra2.ch.004, ra2.ch.008, ra2.ch.011). */
final class ProcessorsCheck implements HostCheck {
  @Override
  public String name() {
    return "processors";
  }

  @Override
  public Finding check(HostFiles host) {
    Processors cpu = Processors.read(host);
    String found =
        "%d sockets, %d cores, %d threads, multi-threading %s"
            .formatted(
                cpu.sockets(), cpu.cores(), cpu.threads(), cpu.multithreading() ? "on" : "off");
    if (cpu.multithreadingPossible() && !cpu.multithreading() && cpu.cores() == cpu.threads()) {
      return Finding.warning(found, "turn multi-threading on in the firmware (ra2.ch.004)");
    }
    if (cpu.virtual()) {
      return cpu.threads() < 16
          ? Finding.warning(found, "RA2 asks for 16 CPUs in a virtual machine (ra2.ch.011)")
          : Finding.ok(found);
    }
    return cpu.sockets() < 2 || cpu.cores() < 20 * cpu.sockets()
        ? Finding.warning(found, "RA2 asks for 2 sockets with 20 cores each (ra2.ch.008)")
        : Finding.ok(found);
  }
}
