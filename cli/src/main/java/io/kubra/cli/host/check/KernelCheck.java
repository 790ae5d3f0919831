package io.kubra.cli.host.check;

import io.kubra.cli.host.HostFiles;
import io.kubra.cli.host.Kernel;

/** A kernel that containers can run on (ra2.os.002). */
final class KernelCheck implements HostCheck {
  @Override
  public String name() {
    return "kernel";
  }

  @Override
  public Finding check(HostFiles host) {
    Kernel kernel = Kernel.read(host);
    if (!kernel.atLeast(4, 19)) {
      return Finding.failure(
          "Linux " + kernel.full(), "containers and nftables need Linux 4.19: upgrade the kernel");
    }
    return Finding.ok("Linux " + kernel.full());
  }
}
