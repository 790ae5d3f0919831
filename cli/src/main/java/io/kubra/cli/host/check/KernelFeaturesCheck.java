package io.kubra.cli.host.check;

import io.kubra.cli.host.HostFiles;
import io.kubra.cli.host.Kernel;
import java.util.List;

/** What pods and Services are made of. */
final class KernelFeaturesCheck implements HostCheck {
  private static final List<String> NEEDED =
      List.of(
          "NAMESPACES", "NET_NS", "PID_NS", "CGROUPS", "OVERLAY_FS", "VETH", "BRIDGE", "NF_TABLES");

  @Override
  public String name() {
    return "kernel features";
  }

  @Override
  public Finding check(HostFiles host) {
    Kernel kernel = Kernel.read(host);
    if (kernel.config().isEmpty()) {
      return Finding.ok("not told by the kernel");
    }
    List<String> missing =
        NEEDED.stream().filter(setting -> !kernel.config().containsKey(setting)).toList();
    return missing.isEmpty()
        ? Finding.ok(String.join(", ", NEEDED))
        : Finding.failure(
            "lacks " + String.join(", ", missing), "use a kernel that is built with them");
  }
}
