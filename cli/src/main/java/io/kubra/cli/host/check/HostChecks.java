package io.kubra.cli.host.check;

import io.kubra.cli.CliException;
import io.kubra.cli.host.HostFiles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All checks. To add one, write its class and list it here. */
public final class HostChecks {
  private static final List<HostCheck> NECESSARY =
      List.of(
          new OperatingSystemCheck(),
          new KernelCheck(),
          new KernelFeaturesCheck(),
          new CgroupCheck(),
          new MemoryCheck(),
          new DiskCheck());
  private static final List<HostCheck> FURTHER =
      List.of(
          new ProgramsCheck(),
          new PortsCheck(),
          new TimeCheck(),
          new ProcessorsCheck(),
          new NumaCheck(),
          new HugePagesCheck(),
          new NetworkPortsCheck(),
          new VirtualisationCheck());

  private HostChecks() {}

  /** The findings by the names of the checks, in their order. */
  public static Map<String, Finding> run(HostFiles host) {
    Map<String, Finding> findings = new LinkedHashMap<>();
    NECESSARY.forEach(check -> findings.put(check.name(), check.check(host)));
    FURTHER.forEach(check -> findings.put(check.name(), check.check(host)));
    return findings;
  }

  /**
   * Refuses a machine on which nothing would work.
   *
   * @param role what it shall become, such as {@code a worker}
   * @throws CliException with each failure and what to do about it
   */
  public static void require(HostFiles host, String role) {
    linux(System.getProperty("os.name", ""));
    StringBuilder failures = new StringBuilder();
    for (HostCheck check : NECESSARY) {
      Finding finding = check.check(host);
      if (finding.level() == Level.FAILURE) {
        failures.append(
            "\n  %s: %s; %s".formatted(check.name(), finding.found(), finding.remedy()));
      }
    }
    if (!failures.isEmpty()) {
      throw new CliException("this machine cannot be " + role + ":" + failures);
    }
  }

  /**
   * Refuses everything but Linux.
   *
   * @param system the name that Java has for the operating system
   */
  public static void linux(String system) {
    if (system.startsWith("Windows")) {
      throw new CliException(
          "Windows cannot be a control plane (ra2.os.001), and Kubra does not support it as a"
              + " worker yet: use Linux with deb or rpm packages");
    }
    if (!system.equals("Linux")) {
      throw new CliException(system + " is not supported: use Linux with deb or rpm packages");
    }
  }
}
