package io.kubra.cli.host.check;

import io.kubra.cli.host.HostFiles;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;

/** Enough disk for images and containers (ra2.ch.010). */
final class DiskCheck implements HostCheck {
  private static final long LEAST = 1L << 30;
  private static final long WANTED = 320_000_000_000L;

  @Override
  public String name() {
    return "disk";
  }

  @Override
  public Finding check(HostFiles host) {
    try {
      FileStore store = Files.getFileStore(host.root().resolve("var/lib"));
      long free = store.getUsableSpace();
      String found =
          "%d GiB, %d GiB free at /var/lib".formatted(store.getTotalSpace() >> 30, free >> 30);
      if (free < LEAST) {
        return Finding.failure(found, "a node needs at least 1 GiB free");
      }
      return store.getTotalSpace() < WANTED
          ? Finding.warning(found, "RA2 asks for 320 GB in production (ra2.ch.010)")
          : Finding.ok(found);
    } catch (IOException e) {
      return Finding.warning("unknown", "see whether /var/lib exists");
    }
  }
}
