package io.kubra.cli.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeFeaturesTest {
  @TempDir Path root;

  private static String feature(Map<String, String> labels, String name) {
    return labels.getOrDefault("feature.node.kubernetes.io/" + name, "none");
  }

  @Test
  void aBigMachineHasTheLabelsOfNodeFeatureDiscovery() throws Exception {
    Map<String, String> labels = NodeFeatures.labels(HostFixture.bigMachine(root).files());

    assertThat(feature(labels, "cpu-cpuid.AVX512F")).isEqualTo("true");
    assertThat(feature(labels, "cpu-cpuid.AESNI")).isEqualTo("true");
    assertThat(feature(labels, "cpu-hardware_multithreading")).isEqualTo("true");
    assertThat(feature(labels, "cpu-model.vendor_id")).isEqualTo("Intel");
    assertThat(feature(labels, "cpu-model.family")).isEqualTo("6");
    assertThat(feature(labels, "kernel-version.full")).isEqualTo("5.14.0-427.el9.x86_64");
    assertThat(feature(labels, "kernel-version.minor")).isEqualTo("14");
    assertThat(feature(labels, "memory-numa")).isEqualTo("true");
    assertThat(feature(labels, "network-sriov.capable")).isEqualTo("true");
    assertThat(feature(labels, "network-sriov.configured")).isEqualTo("true");
    assertThat(feature(labels, "pci-1200_8086.present")).isEqualTo("true");
    assertThat(feature(labels, "storage-nonrotationaldisk")).isEqualTo("true");
    assertThat(feature(labels, "system-os_release.ID")).isEqualTo("rhel");
    assertThat(feature(labels, "system-os_release.VERSION_ID.major")).isEqualTo("9");
    assertThat(feature(labels, "system-os_release.VERSION_ID.minor")).isEqualTo("4");
    assertThat(labels).containsEntry("anuket.io/profile", "network-intensive");
  }

  @Test
  void aVirtualMachineSaysSoAndFitsTheBasicProfile() throws Exception {
    Map<String, String> labels = NodeFeatures.labels(HostFixture.smallVirtualMachine(root).files());

    assertThat(feature(labels, "cpu-cpuid.HYPERVISOR")).isEqualTo("true");
    assertThat(feature(labels, "network-sriov.capable")).isEqualTo("none");
    assertThat(feature(labels, "memory-numa")).isEqualTo("none");
    assertThat(labels).containsEntry("anuket.io/profile", "basic");
  }

  @Test
  void aMachineThatTellsNothingStillHasLabels() {
    assertThat(NodeFeatures.labels(new HostFiles(root)))
        .containsEntry("anuket.io/profile", "basic");
  }
}
