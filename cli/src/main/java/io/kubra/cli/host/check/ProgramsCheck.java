package io.kubra.cli.host.check;

import io.kubra.cli.host.HostFiles;
import java.util.ArrayList;
import java.util.List;

/** The programs that a node calls. */
final class ProgramsCheck implements HostCheck {
  private static final List<String> FOLDERS =
      List.of("/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/");

  @Override
  public String name() {
    return "programs";
  }

  @Override
  public Finding check(HostFiles host) {
    List<String> missing = new ArrayList<>();
    for (String name : List.of("containerd", "runc", "nft", "conntrack", "ip")) {
      if (FOLDERS.stream().noneMatch(folder -> host.exists(folder + name))) {
        missing.add(name);
      }
    }
    if (!host.exists("/usr/lib/cni/bridge") && !host.exists("/opt/cni/bin/bridge")) {
      missing.add("containernetworking-plugins");
    }
    return missing.isEmpty()
        ? Finding.ok("containerd, runc, nft, conntrack, ip, CNI plugins")
        : Finding.warning(
            "missing: " + String.join(", ", missing),
            "kubra up installs them where there is apt-get; elsewhere install them by hand");
  }
}
