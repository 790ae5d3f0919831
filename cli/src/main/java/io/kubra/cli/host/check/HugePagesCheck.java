package io.kubra.cli.host.check;

import io.kubra.cli.host.HostFiles;
import io.kubra.cli.host.Memory;

/** Pages of 2 MiB and 1 GiB (ra2.ch.001). */
final class HugePagesCheck implements HostCheck {
  @Override
  public String name() {
    return "huge pages";
  }

  @Override
  public Finding check(HostFiles host) {
    Memory memory = Memory.read(host);
    return memory.hasHugePages()
        ? Finding.ok(memory.hugePages() + " (KiB=pages)")
        : Finding.warning(
            "none set aside",
            "only the high-performance profile needs them (ra2.ch.001): vm.nr_hugepages");
  }
}
