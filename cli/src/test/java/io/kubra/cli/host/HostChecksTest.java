package io.kubra.cli.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.cli.CliException;
import io.kubra.cli.host.check.Finding;
import io.kubra.cli.host.check.HostChecks;
import io.kubra.cli.host.check.Level;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostChecksTest {
  @TempDir Path root;

  @Test
  void aBigMachineSatisfiesWhatRa2AsksOfHardware() throws Exception {
    Map<String, Finding> findings = HostChecks.run(HostFixture.bigMachine(root).files());

    for (String check :
        new String[] {
          "operating system",
          "kernel",
          "memory",
          "processors",
          "huge pages",
          "network ports",
          "NUMA"
        }) {
      assertThat(findings.get(check)).as(check).extracting(Finding::level).isEqualTo(Level.OK);
    }
    assertThat(findings.get("operating system").found()).contains("rpm");
  }

  @Test
  void aSmallVirtualMachineIsWarnedOfButMayRun() throws Exception {
    HostFiles host = HostFixture.smallVirtualMachine(root).files();

    Map<String, Finding> findings = HostChecks.run(host);

    assertThat(findings.get("memory").level()).isEqualTo(Level.WARNING);
    assertThat(findings.get("memory").remedy()).contains("ra2.ch.012");
    assertThat(findings.get("processors").remedy()).contains("ra2.ch.011");
    HostChecks.require(host, "a worker");
  }

  @Test
  void anOldKernelIsRefusedWithWhatToDo() throws Exception {
    HostFiles host =
        HostFixture.smallVirtualMachine(root)
            .file("/proc/sys/kernel/osrelease", "3.10.0-1160.el7")
            .files();

    assertThatThrownBy(() -> HostChecks.require(host, "a worker"))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("this machine cannot be a worker")
        .hasMessageContaining("upgrade the kernel");
  }

  @Test
  void windowsIsNamed() {
    assertThatThrownBy(() -> HostChecks.linux("Windows Server 2022"))
        .hasMessageContaining("Windows cannot be a control plane");
  }
}
