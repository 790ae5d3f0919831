package io.kubra.conformance;

import io.kubra.api.json.Yaml;
import io.kubra.api.status.ApiException;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.client.ApiClient;
import io.kubra.conformance.area.Areas;
import io.kubra.conformance.catalogue.Catalogue;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.check.Failures;
import io.kubra.conformance.cluster.Await;
import io.kubra.conformance.cluster.Discovery;
import io.kubra.conformance.cluster.Kube;
import io.kubra.conformance.cluster.NodeShell;
import io.kubra.conformance.cluster.Pace;
import io.kubra.conformance.cluster.PodTrouble;
import io.kubra.conformance.cluster.Pods;
import io.kubra.conformance.cluster.Workspace;
import io.kubra.conformance.probe.NodeFacts;
import io.kubra.conformance.suite.SuiteReport;
import io.kubra.conformance.verdict.Outcome;
import io.kubra.conformance.verdict.Report;
import io.kubra.conformance.verdict.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An API server in memory in which a test arranges what a check shall find. */
final class TestCluster implements AutoCloseable {
  private static final Pace PACE =
      new Pace(Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofSeconds(5));

  private int runs;
  private final TestingApiServer server =
      TestingApiServer.start(
          b ->
              b.endpoint(
                  o ->
                      new io.kubra.apiserver.discovery.DiscoveryEndpoint(
                          io.kubra.api.schema.Catalogue.builtin())));
  private final ApiClient client =
      ApiClient.local(
          server.transport(),
          UserInfo.class,
          UserInfo.of("admin", UserInfo.MASTERS, "system:authenticated"),
          "test");
  private final FakeNode node = new FakeNode(client);
  private final ApiClient played = new ApiClient(node);
  private final Kube kube = new Kube(client);
  private SuiteReport suite = SuiteReport.NONE;
  private Set<String> disturb = Set.of();
  private final List<Map<String, Object>> facts = new ArrayList<>();

  /** The client of an administrator. */
  ApiClient client() {
    return client;
  }

  Kube kube() {
    return kube;
  }

  /** The API with nodes and controllers that are played. */
  Kube seen() {
    return new Kube(played);
  }

  /** Creates an object, with its status if it has one. */
  TestCluster with(String collection, String yaml) {
    Map<String, Object> object = Yaml.parseObject(yaml.getBytes(StandardCharsets.UTF_8));
    Map<String, Object> made = kube.create(collection, object);
    if (object.get("status") instanceof Map<?, ?> status) {
      made.put("status", status);
      String name = (String) io.kubra.api.tree.Trees.get(made, "metadata", "name");
      kube.update(collection + "/" + name + "/status", made);
    }
    return this;
  }

  /** A node; labels and status as flow YAML. */
  TestCluster node(String name, String labels, String status) {
    return with(
        "/api/v1/nodes",
        "{apiVersion: v1, kind: Node, metadata: {name: %s, labels: %s}, status: %s}"
            .formatted(name, labels, status));
  }

  /** A kind of custom resources in namespaces, with any fields. */
  TestCluster kind(String group, String plural, String kind) throws InterruptedException {
    with(
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: %2$s.%1$s}
        spec:
          group: %1$s
          scope: Namespaced
          names: {plural: %2$s, singular: %4$s, kind: %3$s}
          versions:
          - name: v1
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
        """
            .formatted(group, plural, kind, kind.toLowerCase(java.util.Locale.ROOT)));
    String path = "/apis/" + group + "/v1/" + plural;
    if (!Await.until(Duration.ofSeconds(20), () -> kube.find(path).isPresent())) {
      throw new AssertionError(path + " is not served");
    }
    return this;
  }

  /** A namespace. */
  TestCluster namespace(String name) {
    return with(
        "/api/v1/namespaces",
        "{apiVersion: v1, kind: Namespace, metadata: {name: %s}}".formatted(name));
  }

  /** A Deployment whose pods have this spec. */
  TestCluster deployment(String namespace, String name, String spec) {
    return with(
        "/apis/apps/v1/namespaces/" + namespace + "/deployments",
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %1$s, namespace: %2$s}
        spec:
          selector: {matchLabels: {app: %1$s}}
          template: {metadata: {labels: {app: %1$s}}, spec: %3$s}
        """
            .formatted(name, namespace, spec));
  }

  /** What nodes and controllers do. */
  FakeNode node() {
    return node;
  }

  /** What a node tells of itself, a fact a line; in place of what a pod there would read. */
  TestCluster facts(String node, String... lines) {
    Map<String, Object> read = NodeFacts.parse(String.join("\n", lines));
    read.put("node", node);
    facts.add(read);
    return this;
  }

  /** What the check of a row decides. */
  Verdict decide(String key) throws InterruptedException {
    return decide(Areas.row(Areas.rows(), Catalogue.read().get(key)).check());
  }

  /** What a check decides. */
  Verdict decide(Check check) throws InterruptedException {
    Kube seen = new Kube(played);
    Discovery discovery = new Discovery(seen);
    Workspace workspace = new Workspace(seen, discovery, "test" + runs++, Map.of());
    Pods pods = new Pods(seen, workspace, PACE.run());
    Context context =
        Context.of(
            seen,
            discovery,
            workspace,
            pods,
            "image",
            "basic",
            PACE,
            SuiteReport.NONE,
            NodeShell.NONE,
            disturb);
    if (!facts.isEmpty()) {
      context.once(NodeFacts.READING, () -> List.copyOf(facts));
    }
    try {
      return context.verdict(check);
    } catch (ApiException | PodTrouble e) {
      return Failures.verdict(e);
    } finally {
      workspace.close();
    }
  }

  /** Lets applications of a namespace be disturbed from now on. */
  TestCluster disturb(String namespace) {
    disturb = Set.of(namespace);
    return this;
  }

  /** Runs from now on with a report of upstream's suite. */
  TestCluster with(SuiteReport report) {
    suite = report;
    return this;
  }

  /** Decides what a check decides, and says so in one line. */
  String found(Check check) throws InterruptedException {
    return line(decide(check));
  }

  private static String line(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Pass p -> "pass";
      case Verdict.Fail f -> "fail: " + String.join("; ", f.breaches());
      case Verdict.NotApplicable n -> "not applicable: " + n.reason();
      case Verdict.NotCheckable n -> "not checkable: " + n.reason();
    };
  }

  /** Decides what a requirement's check decides, as {@link #found(Check)}. */
  String found(String key) throws InterruptedException {
    return line(decide(key));
  }

  /** What a run finds of one requirement. */
  Outcome run(String key) {
    return run("basic", key).outcomes().getFirst();
  }

  Report run(String profile, String... keys) {
    Options options =
        new Options(
            profile, "image", 8, Duration.ofSeconds(30), PACE, suite, NodeShell.NONE, disturb);
    try (Conformance run = new Conformance(played, "test", options)) {
      return run.run(Catalogue.read().select(List.of(), List.of(keys)), (o, done, all) -> {});
    }
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
