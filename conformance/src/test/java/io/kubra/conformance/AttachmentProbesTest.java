package io.kubra.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.probe.AttachmentProbes;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Probes of secondary networks against a multiplexer, a wrong one, and none. */
class AttachmentProbesTest {
  private static final String NETWORKS = "k8s.v1.cni.cncf.io/networks";
  private final TestCluster cluster = new TestCluster();
  private final Map<String, String> interfaces = new HashMap<>();
  private boolean writesStatus = true;
  private int most = 9;

  @AfterEach
  void stop() {
    cluster.close();
  }

  private void discovered(String group, String version, String resource, String kind) {
    cluster
        .node()
        .answer(
            "GET /apis",
            "{\"groups\":[{\"versions\":[{\"groupVersion\":\"%s/%s\"}]}]}"
                .formatted(group, version))
        .answer(
            "GET /apis/" + group + "/" + version,
            "{\"resources\":[{\"name\":\"%s\",\"kind\":\"%s\",\"namespaced\":true}]}"
                .formatted(resource, kind));
  }

  /** Plays a multiplexer: interfaces and status by the annotation. */
  private void multiplexer() {
    discovered(
        "k8s.cni.cncf.io", "v1", "network-attachment-definitions", "NetworkAttachmentDefinition");
    cluster
        .node()
        .answer("POST .*/network-attachment-definitions", "{}")
        .commands((pod, script) -> interfaces.getOrDefault(pod, "lo eth0"))
        .after(
            "POST .*/pods",
            p -> {
              cluster.node().status("/pods/", p, cluster.node().usualStatus(p));
              String asked = Trees.stringOr(p, "", "metadata", "annotations", NETWORKS);
              StringBuilder names = new StringBuilder("lo eth0");
              StringBuilder status = new StringBuilder("[{\"name\":\"cbr0\",\"default\":true}");
              int count = 0;
              for (String net :
                  asked.isEmpty()
                      ? new String[0]
                      : asked.startsWith("[") ? new String[] {"formed@extra1"} : asked.split(",")) {
                if (++count > most) {
                  break;
                }
                String name = net.contains("@") ? net.replaceAll(".*@", "") : "net" + count;
                names.append(' ').append(name);
                status.append(
                    ",{\"name\":\"%s\",\"interface\":\"%s\",\"ips\":[\"198.18.1.%d\"]}"
                        .formatted(net.replaceAll("@.*", ""), name, interfaces.size()));
              }
              interfaces.put(Named.name(p), names.toString());
              if (writesStatus) {
                String path = "/api/v1/namespaces/" + Named.namespace(p) + "/pods/" + Named.name(p);
                Map<String, Object> patch = new HashMap<>();
                Trees.set(
                    patch,
                    status + "]",
                    "metadata",
                    "annotations",
                    "k8s.v1.cni.cncf.io/network-status");
                cluster
                    .kube()
                    .merge(
                        path,
                        new String(
                            io.kubra.api.json.Json.write(patch),
                            java.nio.charset.StandardCharsets.UTF_8));
              }
            });
  }

  @ParameterizedTest
  @CsvSource({
    "003,fail",
    "004,fail",
    "005,not applicable",
    "006,not applicable",
    "007,not applicable",
    "009,not applicable",
    "015,not applicable",
    "016,not applicable"
  })
  void withoutDefinitionsNothingIsAttached(String row, String word) throws Exception {
    assertThat(cluster.found("ra2.ntw." + row)).startsWith(word);
  }

  @Test
  void fiveNetworksAreAttachedOrFewer() throws Exception {
    multiplexer();
    assertThat(cluster.found(AttachmentProbes.FIVE)).isEqualTo("pass");
    most = 4;
    assertThat(cluster.found(AttachmentProbes.FIVE))
        .isEqualTo(
            "fail: not so: there are six interfaces besides lo; not so: network-status lists six entries; it lists 5");
  }

  @Test
  void theAnnotationDecidesOrNot() throws Exception {
    multiplexer();
    assertThat(cluster.found(AttachmentProbes.BY_ANNOTATION)).isEqualTo("pass");
    cluster.node().commands((pod, script) -> "lo eth0 net1");
    assertThat(cluster.found(AttachmentProbes.BY_ANNOTATION))
        .isEqualTo("fail: without the annotation: [eth0, net1]");
  }

  @Test
  void twoPluginsServeOnePodOrNot() throws Exception {
    multiplexer();
    assertThat(cluster.found(AttachmentProbes.TWO_PLUGINS)).isEqualTo("pass");
    most = 1;
    assertThat(cluster.found(AttachmentProbes.TWO_PLUGINS))
        .isEqualTo("fail: interfaces [eth0, net1]");
  }

  @Test
  void allFormsAreHonouredOrNot() throws Exception {
    multiplexer();
    assertThat(cluster.found(AttachmentProbes.FORMS)).isEqualTo("pass");
    writesStatus = false;
    assertThat(cluster.found(AttachmentProbes.FORMS)).contains("network-status names network");
  }

  @Test
  void addressesDifferOrNot() throws Exception {
    multiplexer();
    assertThat(cluster.found(AttachmentProbes.ADDRESSES))
        .startsWith("not checkable: the one plugin");
    cluster
        .node()
        .answer(
            "GET /apis",
            "{\"groups\":[{\"versions\":[{\"groupVersion\":\"k8s.cni.cncf.io/v1\"},{\"groupVersion\":\"whereabouts.cni.cncf.io/v1alpha1\"}]}]}");
    assertThat(cluster.found(AttachmentProbes.ADDRESSES)).startsWith("fail: not so: all three");
  }

  @Test
  void namedPluginsAreOnTheNodesOrNot() throws Exception {
    assertThat(cluster.found(AttachmentProbes.PLUGINS_EXIST)).startsWith("not applicable");
    cluster
        .node(
            "one", "{}", "{allocatable: {pods: 10}, conditions: [{type: Ready, status: \"True\"}]}")
        .node()
        .answer("GET .*/pods/facts-0/log", "cni=bridge\ncni=macvlan\nend=1\n")
        .answer(
            "GET .*/network-attachment-definitions",
            "{\"items\":[{\"spec\":{\"config\":\"{\\\"type\\\":\\\"macvlan\\\"}\"}}]}");
    assertThat(cluster.found(AttachmentProbes.PLUGINS_EXIST)).isEqualTo("pass");
    cluster.node().answer("GET .*/pods/facts-0/log", "cni=bridge\nend=1\n");
    assertThat(cluster.found(AttachmentProbes.PLUGINS_EXIST))
        .isEqualTo("fail: one: plugin macvlan is missing");
  }
}
