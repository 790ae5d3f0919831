package io.kubra.cli.host.check;

import io.kubra.cli.host.HostFiles;
import io.kubra.cli.host.Processors;

/** Whether the machine is virtual, and whether it can run virtual machines. */
final class VirtualisationCheck implements HostCheck {
  @Override
  public String name() {
    return "virtualisation";
  }

  @Override
  public Finding check(HostFiles host) {
    Processors cpu = Processors.read(host);
    boolean able = cpu.flags().contains("vmx") || cpu.flags().contains("svm");
    return Finding.ok(
        (cpu.virtual() ? "a virtual machine" : "a physical machine")
            + (able ? ", can run virtual ones (Kata)" : ", cannot run virtual ones"));
  }
}
