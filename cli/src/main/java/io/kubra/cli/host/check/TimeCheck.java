package io.kubra.cli.host.check;

import io.kubra.cli.host.HostFiles;
import java.util.List;

/** A program that keeps the clock right; certificates and leases live by it. */
final class TimeCheck implements HostCheck {
  @Override
  public String name() {
    return "time";
  }

  @Override
  public Finding check(HostFiles host) {
    for (String sign :
        List.of(
            "/run/chrony/chronyd.pid",
            "/run/chronyd.pid",
            "/run/ntpd.pid",
            "/run/systemd/timesync/synchronized",
            "/dev/ptp0")) {
      if (host.exists(sign)) {
        return Finding.ok("kept by " + sign);
      }
    }
    return Finding.warning(
        "nothing seems to synchronise the clock", "install chrony, or turn on systemd-timesyncd");
  }
}
