package io.kubra.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.probe.LogProbes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Probes of log gathering against clusters with agents and stores of several kinds. */
class LogProbesTest {
  private final TestCluster cluster = new TestCluster();

  /** What the store holds: a line for each pod and event that was made. */
  private final List<String> stored = new ArrayList<>();

  @AfterEach
  void stop() {
    cluster.close();
  }

  private void agent(String args, String mount) {
    cluster
        .namespace("logging")
        .node(
            "one", "{}", "{allocatable: {pods: 10}, conditions: [{type: Ready, status: \"True\"}]}")
        .with(
            "/apis/apps/v1/namespaces/logging/daemonsets",
            """
            apiVersion: apps/v1
            kind: DaemonSet
            metadata: {name: agent}
            spec:
              selector: {matchLabels: {app: agent}}
              template:
                metadata: {labels: {app: agent}}
                spec:
                  containers: [{name: a, image: "cr.fluentbit.io/fluent/fluent-bit:3", args: [%s]}]
                  volumes: [{name: v, hostPath: {path: %s}}]
            status: {numberReady: 1, currentNumberScheduled: 1, desiredNumberScheduled: 1, numberMisscheduled: 0}
            """
                .formatted(args, mount));
  }

  private void store(String name, int port, String query, String form) {
    cluster
        .with(
            "/api/v1/namespaces/logging/services",
            "{apiVersion: v1, kind: Service, metadata: {name: %s}, spec: {ports: [{port: %d}]}}"
                .formatted(name, port))
        .node()
        .answer(
            "GET .*/services/" + name + ":" + port + "/proxy" + query,
            r -> {
              List<String> hits =
                  stored.stream()
                      .filter(l -> r.target().contains(word(l)))
                      .map(form::formatted)
                      .toList();
              return Optional.of(new FakeNode.Answer(200, wrapped(name, hits)));
            })
        .answer("GET .*/proxy/loki/api/v1/labels", "{\"data\":[\"namespace\"]}")
        .after(
            "POST .*/pods",
            p -> {
              cluster.node().status("/pods/", p, cluster.node().usualStatus(p));
              String script = String.valueOf(Trees.get(p, "spec", "containers"));
              String node = Trees.stringOr(p, "", "spec", "nodeName");
              stored.add(
                  Named.name(p)
                      + " "
                      + (word(script).isEmpty() ? "said by the pod itself" : word(script))
                      + " "
                      + node);
            })
        .after("POST .*/events", e -> stored.add(Trees.stringOr(e, "", "message")));
  }

  private static String word(String text) {
    var matcher = java.util.regex.Pattern.compile("mark[a-z]+test\\d+").matcher(text);
    return matcher.find() ? matcher.group() : "";
  }

  private static String wrapped(String store, List<String> hits) {
    return switch (store) {
      case "loki" -> "{\"data\":{\"result\":[" + String.join(",", hits) + "]}}";
      case "elasticsearch" -> "{\"hits\":{\"hits\":[" + String.join(",", hits) + "]}}";
      default -> String.join("\n", hits);
    };
  }

  private void loki() {
    store(
        "loki",
        3100,
        "/loki/api/v1/query_range",
        "{\"stream\":{\"app\":\"x\"},\"values\":[[\"1\",\"%s\"]]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mon.002",
        "mon.003",
        "plat.018",
        "plat.021",
        "plat.022",
        "plat.023",
        "plat.024",
        "plat.026",
        "plat.027",
        "plat.028",
        "plat.029"
      })
  void aClusterThatGathersNothingFails(String row) {
    assertThat(cluster.run("ra2." + row).verdict().word()).isEqualTo("fail");
  }

  @Test
  void agentsAreOnEveryNodeOrNot() throws Exception {
    agent("", "/var/log");
    assertThat(cluster.found(LogProbes.AGENTS_EVERYWHERE)).isEqualTo("pass");
    cluster.node("two", "{}", "{}");
    assertThat(cluster.found(LogProbes.AGENTS_EVERYWHERE))
        .isEqualTo("fail: not so: one agent is ready on every node");
  }

  @Test
  void anAgentWithoutTheNodesLogsIsNotEnough() throws Exception {
    agent("", "/opt");
    assertThat(cluster.found(LogProbes.AGENTS_EVERYWHERE))
        .isEqualTo("fail: not so: an agent mounts /var/log or the journal of its node");
  }

  @Test
  void linesAreFoundInLokiOrNot() throws Exception {
    agent("", "/var/log");
    assertThat(cluster.found(LogProbes.GATHERED)).startsWith("not checkable: no Service of Loki");
    loki();
    assertThat(cluster.found(LogProbes.GATHERED)).isEqualTo("pass");
    cluster
        .node()
        .after("POST .*/pods", p -> cluster.node().status("/pods/", p, "{phase: Succeeded}"));
    assertThat(cluster.found(LogProbes.GATHERED))
        .isEqualTo("fail: not so: lines of the nodes [one] are there");
    cluster.node().answer("GET .*/proxy/.*", r -> Optional.of(new FakeNode.Answer(401, "no")));
    assertThat(cluster.found(LogProbes.GATHERED))
        .isEqualTo("not checkable: logging/loki answered 401: no");
  }

  @Test
  void linesAreFoundInElasticsearch() throws Exception {
    agent("", "/var/log");
    store("elasticsearch", 9200, "/_search", "{\"_source\":{\"log\":\"%s\"}}");
    assertThat(cluster.found(LogProbes.GATHERED)).isEqualTo("pass");
    assertThat(cluster.found(LogProbes.BY_VALUE)).isEqualTo("pass");
  }

  @Test
  void linesAreFoundInVictoriaLogs() throws Exception {
    agent("", "/var/log");
    store("vlogs", 9428, "/select/logsql/query", "{\"_msg\":\"%s\"}");
    assertThat(cluster.found(LogProbes.GATHERED)).isEqualTo("pass");
  }

  @Test
  void linesOfSeveralSourcesBelongTogetherOrNot() throws Exception {
    agent("", "/var/log");
    loki();
    assertThat(cluster.found(LogProbes.CORRELATED))
        .isEqualTo("fail: not so: the pod's own line and one of another source are there");
    cluster
        .node()
        .after(
            "POST .*/pods",
            p -> {
              cluster.node().status("/pods/", p, cluster.node().usualStatus(p));
              stored.add(Named.name(p) + " said by the pod itself");
              stored.add("kubelet: started " + Named.name(p));
            });
    assertThat(cluster.found(LogProbes.CORRELATED)).isEqualTo("pass");
  }

  @Test
  void eventsAreFoundOrNot() throws Exception {
    agent("", "/var/log");
    loki();
    cluster.with(
        "/api/v1/namespaces/logging/pods",
        "{apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {containers: [{name: x, image: ghcr.io/resmoio/kubernetes-event-exporter}]}}");
    assertThat(cluster.found(LogProbes.EVENTS_GATHERED)).isEqualTo("pass");
    cluster.node().after("POST .*/events", e -> {});
    assertThat(cluster.found(LogProbes.EVENTS_GATHERED))
        .isEqualTo("fail: not so: the event is there");
  }

  @Test
  void configurationsAreReadOrNot() throws Exception {
    agent("", "/var/log");
    assertThat(cluster.found(LogProbes.RETENTION_SET)).startsWith("fail: no configuration");
    assertThat(cluster.found(LogProbes.RELOADS)).startsWith("fail: neither");
    cluster.with(
        "/api/v1/namespaces/logging/configmaps",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {f: \"retention_period: 7d\\nhot_reload: on\"}}");
    assertThat(cluster.found(LogProbes.RETENTION_SET)).isEqualTo("pass");
    assertThat(cluster.found(LogProbes.RELOADS)).isEqualTo("pass");
  }

  @Test
  void alertRulesAreReadOrNot() throws Exception {
    agent("", "/var/log");
    assertThat(cluster.found(LogProbes.SOURCES_WATCHED)).startsWith("fail: no alert rule");
    cluster.with(
        "/api/v1/namespaces/logging/configmaps",
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: rules}
        data:
          rules.yml: |
            groups:
            - name: logs
              rules:
              - alert: FluentBitAbsent
                expr: absent(up{job="fluent-bit"})
              - alert: LokiCompactionFailed
                expr: increase(loki_compactor_errors_total[1h]) > 0
        """);
    assertThat(cluster.found(LogProbes.SOURCES_WATCHED)).isEqualTo("pass");
    assertThat(cluster.found(LogProbes.ROTATION_WATCHED)).isEqualTo("pass");
    assertThat(cluster.found(LogProbes.ERRORS_WATCHED)).isEqualTo("pass");
  }

  @Test
  void aLogIsRotatedOrNot() throws Exception {
    cluster.node().commands((pod, script) -> script.contains("wc -l") ? "3\n" : "0.log");
    assertThat(cluster.found(LogProbes.ROTATION)).isEqualTo("pass");
    cluster.node().commands((pod, script) -> script.contains("wc -l") ? "1\n" : "0.log");
    assertThat(cluster.found(LogProbes.ROTATION)).startsWith("fail: not so: there are files");
  }
}
