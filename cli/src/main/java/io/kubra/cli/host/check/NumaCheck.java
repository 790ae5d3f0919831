package io.kubra.cli.host.check;

import io.kubra.cli.host.HostFiles;
import io.kubra.cli.host.Memory;

/** How memory is spread. */
final class NumaCheck implements HostCheck {
  @Override
  public String name() {
    return "NUMA";
  }

  @Override
  public Finding check(HostFiles host) {
    int nodes = Memory.read(host).numaNodes();
    return Finding.ok(nodes + (nodes == 1 ? " node" : " nodes"));
  }
}
