package io.kubra.cli.host.check;

import io.kubra.cli.host.HostFiles;

/** Control groups, version 1 or 2. */
final class CgroupCheck implements HostCheck {
  @Override
  public String name() {
    return "cgroups";
  }

  @Override
  public Finding check(HostFiles host) {
    if (host.exists("/sys/fs/cgroup/cgroup.controllers")) {
      return Finding.ok("version 2");
    }
    if (!host.exists("/sys/fs/cgroup/memory") || !host.exists("/sys/fs/cgroup/cpu")) {
      return Finding.failure(
          "no cpu and memory controllers at /sys/fs/cgroup", "mount the cgroup file systems");
    }
    return host.exists("/sys/fs/cgroup/unified")
        ? Finding.warning(
            "version 1 with an empty version 2 beside it",
            "boot with systemd.unified_cgroup_hierarchy=1; crun refuses this layout")
        : Finding.ok("version 1");
  }
}
