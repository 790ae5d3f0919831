package io.kubra.node.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubra.node.cgroup.CgroupHierarchies;
import io.kubra.node.cgroup.PodCgroups;
import io.kubra.node.cri.CriClient;
import io.kubra.node.testing.TestingContainerd;
import io.kubra.node.testing.TestingNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeStatsTest {
  private TestingNode node;
  private CriClient cri;
  private NodeStats stats;

  @BeforeAll
  void start() throws Exception {
    String missing = TestingContainerd.missing().orElse("");
    assumeTrue(missing.isEmpty(), "no containerd for tests: " + missing);
    node = TestingNode.start();
    cri = CriClient.connect(node.containerd().socket());
    CgroupHierarchies hierarchies = CgroupHierarchies.detect();
    stats =
        new NodeStats(
            cri,
            hierarchies,
            new PodCgroups(hierarchies, node.cgroup() + "/kubepods"),
            TestingNode.NAME,
            node.containerd().directory(),
            List::of);
    node.create(
        "busy",
        """
        {"terminationGracePeriodSeconds":0,"containers":[{"name":"c","image":"%s",
         "command":["sh","-c","while :; do :; done"],
         "resources":{"limits":{"cpu":"100m","memory":"64Mi"}}}]}
        """
            .formatted(TestingContainerd.BUSYBOX));
    node.awaitReady("busy");
  }

  @AfterAll
  void stop() throws Exception {
    if (cri != null) {
      cri.close();
    }
    if (node != null) {
      node.close();
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void aContainersMetricsHaveCadvisorsNamesAndLabels() {
    String uid = node.pod("busy").metadata().uid();
    String mine =
        "\\{container=\"c\",id=\"/kubepods/pod"
            + uid
            + "/[0-9a-f]+\",image=\"[^\"]*busybox[^\"]*\",name=\"[0-9a-f]+\","
            + "namespace=\"default\",pod=\"busy\"";
    assertThat(text(stats.cadvisor()))
        .containsPattern(
            "container_cpu_usage_seconds_total" + mine + ",cpu=\"total\"} [0-9.E-]+ \\d+")
        .containsPattern("container_memory_working_set_bytes" + mine + "} [1-9]\\d* \\d+")
        .containsPattern("container_memory_rss" + mine + "} \\d+ \\d+")
        .containsPattern("container_spec_memory_limit_bytes" + mine + "} 67108864 ")
        .containsPattern("container_spec_cpu_quota" + mine + "} 10000 ")
        .containsPattern("container_cpu_cfs_periods_total" + mine + "} [1-9]")
        .containsPattern("container_start_time_seconds" + mine)
        .containsPattern("container_last_seen" + mine)
        .containsPattern("container_processes" + mine + "} 1 ")
        .containsPattern(
            "container_network_receive_bytes_total\\{container=\"\",id=\"/kubepods/pod"
                + uid
                + "/[0-9a-f]+\",image=\".+\",name=\"[0-9a-f]+\",namespace=\"default\","
                + "pod=\"busy\",interface=\"eth0\"}")
        .containsPattern("machine_cpu_cores\\{.*} [1-9]")
        .containsPattern("machine_memory_bytes\\{.*} [1-9]")
        .containsPattern("container_memory_usage_bytes\\{container=\"\",id=\"/\"")
        .containsPattern("container_memory_usage_bytes\\{container=\"\",id=\"/kubepods\"");
  }

  @Test
  void theResourceMetricsTellOfContainersPodsAndNode() {
    assertThat(text(stats.resource()))
        .containsPattern(
            "container_cpu_usage_seconds_total\\{container=\"c\",namespace=\"default\","
                + "pod=\"busy\"} [0-9.E-]+ \\d+")
        .containsPattern(
            "pod_memory_working_set_bytes\\{namespace=\"default\",pod=\"busy\"} [1-9]\\d* \\d+")
        .containsPattern("node_memory_working_set_bytes \\d+ \\d+")
        .contains("resource_scrape_error 0");
  }

  @Test
  void theSummaryNamesThePodItsNetworkAndItsContainers() {
    assertThat(text(stats.summary()))
        .contains("\"nodeName\":\"" + TestingNode.NAME + "\"")
        .contains("\"podRef\":{\"name\":\"busy\",\"namespace\":\"default\"")
        .containsPattern("\"name\":\"eth0\",\"rxBytes\":\\d+")
        .containsPattern("\"inodesFree\":[1-9]");
  }
}
