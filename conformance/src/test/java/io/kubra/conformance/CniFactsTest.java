package io.kubra.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.conformance.probe.CniFacts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Checks of what nodes say of plugins, devices, clocks and logs. */
class CniFactsTest {
  private static final String READY = "conditions: [{type: Ready, status: \"True\"}]";
  private final TestCluster cluster = new TestCluster();

  @AfterEach
  void stop() {
    cluster.close();
  }

  private void node(String labels, String more) {
    cluster.node("one", labels, "{allocatable: {pods: 10%s}, %s}".formatted(more, READY));
  }

  private void facts(String text) {
    cluster.node().answer("GET .*/pods/facts-0/log", text + "\nend=1\n");
  }

  @Test
  void theConfigurationNamesPluginsThatAnswerOrNot() throws Exception {
    node("{}", "");
    assertThat(cluster.found(CniFacts.CONFORMANT)).startsWith("not checkable");
    facts(
        "cni-config=/etc/cni/net.d/10-x.conflist\ncni-plugin=bridge {\"supportedVersions\":[\"1.0.0\"]}");
    assertThat(cluster.found(CniFacts.CONFORMANT)).isEqualTo("pass");
    facts("cni-config=/etc/cni/net.d/10-x.conflist\ncni-plugin=calico none");
    assertThat(cluster.found(CniFacts.CONFORMANT)).contains("names calico none");
  }

  @Test
  void aMultiplexerComesFirstOrNot() throws Exception {
    node("{}", "");
    facts(
        "cni-config=/etc/cni/net.d/00-multus.conf\ncni-plugin=multus-shim {\"supportedVersions\":[\"1.0.0\"]}");
    assertThat(cluster.found(CniFacts.MULTIPLEXER)).isEqualTo("pass");
    facts(
        "cni-config=/etc/cni/net.d/10-x.conflist\ncni-plugin=bridge {\"supportedVersions\":[\"1.0.0\"]}");
    assertThat(cluster.found(CniFacts.MULTIPLEXER)).startsWith("fail");
  }

  @Test
  void virtualFunctionsAreOfferedOrNot() throws Exception {
    node("{}", "");
    facts("sriov-made=0");
    assertThat(cluster.found(CniFacts.VIRTUAL_FUNCTIONS)).startsWith("not applicable");
    facts("sriov-made=4");
    assertThat(cluster.found(CniFacts.VIRTUAL_FUNCTIONS)).isEqualTo("fail: one offers {}");
  }

  @Test
  void virtualFunctionsThatAreOfferedPass() throws Exception {
    node("{}", ", intel.com/sriov: 4");
    facts("sriov-made=4");
    assertThat(cluster.found(CniFacts.VIRTUAL_FUNCTIONS)).isEqualTo("pass");
    assertThat(cluster.found(CniFacts.DEVICES)).isEqualTo("pass");
  }

  @Test
  void acceleratorsAreOfferedOrNot() throws Exception {
    assertThat(cluster.found(CniFacts.ACCELERATORS)).startsWith("not applicable");
    node("{feature.node.kubernetes.io/pci-1200_10ee.present: \"true\"}", "");
    assertThat(cluster.found(CniFacts.ACCELERATORS)).isEqualTo("fail: one offers {}");
    assertThat(cluster.found(CniFacts.DEVICES)).startsWith("fail: one: no extended resource");
  }

  @Test
  void acceleratorsThatAreOfferedPass() throws Exception {
    node("{feature.node.kubernetes.io/pci-0302_10de.present: \"true\"}", ", nvidia.com/gpu: 1");
    assertThat(cluster.found(CniFacts.ACCELERATORS)).isEqualTo("pass");
  }

  @Test
  void pluginsForFastPathsAreThereOrNot() throws Exception {
    node("{}", "");
    facts("cni=bridge\ncni=sriov");
    assertThat(cluster.found(CniFacts.FAST_PLUGINS)).isEqualTo("pass");
    facts("cni=bridge");
    assertThat(cluster.found(CniFacts.FAST_PLUGINS)).isEqualTo("fail: one: []");
  }

  @Test
  void clocksAndRotationAreFactsOfNodes() throws Exception {
    node("{}", "");
    facts("clock=synchronised\ntime-source=ntp.example.com\nlog-period=weekly");
    assertThat(cluster.found("ra2.plat.019")).isEqualTo("pass");
    assertThat(cluster.found("ra2.plat.025")).isEqualTo("pass");
    facts("clock=free");
    assertThat(cluster.found("ra2.plat.019")).startsWith("fail");
    assertThat(cluster.found("ra2.plat.025")).contains("free").contains("same time sources");
  }

  @Test
  void aPrecisionClockIsWantedOnRealTimeNodesOnly() throws Exception {
    node("{}", "");
    facts("nics=1");
    assertThat(cluster.found("ra2.ntw.023")).startsWith("not applicable");
    facts("realtime=yes");
    assertThat(cluster.found("ra2.ntw.023")).startsWith("fail");
    facts("realtime=yes\nptp-clock=ptp0 ice");
    assertThat(cluster.found("ra2.ntw.023")).isEqualTo("pass");
  }
}
