package io.kubra.cli.host.check;

import io.kubra.cli.host.HostFiles;
import io.kubra.cli.host.Memory;

/** Enough memory (ra2.ch.012). */
final class MemoryCheck implements HostCheck {
  private static final long LEAST = 900L << 20;
  private static final long WANTED = 30_000_000_000L;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Finding check(HostFiles host) {
    long bytes = Memory.read(host).bytes();
    String found = (bytes >> 20) + " MiB";
    if (bytes < LEAST) {
      return Finding.failure(found, "a node needs at least 1 GiB");
    }
    // What the kernel keeps for itself is not counted by it.
    return bytes < WANTED
        ? Finding.warning(found, "RA2 asks for 32 GB in production (ra2.ch.012)")
        : Finding.ok(found);
  }
}
