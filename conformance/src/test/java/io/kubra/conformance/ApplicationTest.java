package io.kubra.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.json.Json;
import io.kubra.conformance.verdict.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows on applications, each with one that keeps it and one that does not. */
class ApplicationTest {
  private final TestCluster cluster = new TestCluster();

  @BeforeEach
  void arrange() {
    cluster.namespace("shop");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private void passes(String row) throws InterruptedException {
    assertThat(cluster.decide(row)).isInstanceOf(Verdict.Pass.class);
  }

  private void fails(String row, String why) throws InterruptedException {
    assertThat(cluster.decide(row))
        .isInstanceOfSatisfying(
            Verdict.Fail.class, f -> assertThat(f.breaches()).anyMatch(b -> b.contains(why)));
  }

  private void isOpen(String row, String why) throws InterruptedException {
    assertThat(cluster.decide(row))
        .isInstanceOfSatisfying(
            Verdict.NotCheckable.class, v -> assertThat(v.reason()).contains(why));
  }

  private void doesNotApply(String row) throws InterruptedException {
    assertThat(cluster.decide(row)).isInstanceOf(Verdict.NotApplicable.class);
  }

  private void pod(String name, String metadata, String spec, String status) {
    cluster.with(
        "/api/v1/namespaces/shop/pods",
        "{apiVersion: v1, kind: Pod, metadata: {name: %s, namespace: shop%s}, spec: %s, status: %s}"
            .formatted(name, metadata, spec, status));
  }

  @Test
  void furtherNetworksAreAskedFor() throws Exception {
    doesNotApply("ra2.app.006");
    String status =
        "k8s.v1.cni.cncf.io/network-status: '[{\"name\":\"a\",\"default\":true},{\"name\":\"b\"}]'";
    pod(
        "good",
        ", annotations: {k8s.v1.cni.cncf.io/networks: b, " + status + "}",
        "{containers: [{name: c, image: i}]}",
        "{phase: Running}");
    passes("ra2.app.006");
    pod(
        "bad",
        ", annotations: {" + status + "}",
        "{containers: [{name: c, image: i}]}",
        "{phase: Running}");
    fails("ra2.app.006", "shop/bad is also in [b] and does not ask for it");
  }

  @Test
  void devicesAreAskedForByTheirPlugin() throws Exception {
    String mount =
        "{containers: [{name: c, image: i, volumeMounts: [{name: d, mountPath: /d}]%s}], volumes:"
            + " [{name: d, hostPath: {path: /dev/vfio}}]}";
    cluster.deployment(
        "shop",
        "good",
        mount.formatted(
            ", resources: {limits: {example.com/nic: 1}, requests: {example.com/nic: 1}}"));
    passes("ra2.app.009");
    cluster.deployment("shop", "bad", mount.formatted(""));
    fails("ra2.app.009", "mounts /dev/vfio and has no limit");
  }

  @Test
  void applicationsThatCannotSpeakToTheApiDoNotNeedIt() throws Exception {
    doesNotApply("ra2.app.008");
    cluster.deployment(
        "shop",
        "silent",
        "{automountServiceAccountToken: false, containers: [{name: c, image: i}]}");
    passes("ra2.app.008");
    cluster.deployment("shop", "rightless", "{containers: [{name: c, image: i}]}");
    passes("seed.os.5");
    cluster.with(
        "/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings",
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: reads, namespace: shop}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
        subjects: [{kind: ServiceAccount, name: default}]
        """);
    isOpen("ra2.app.008", "Deployment shop/rightless (view by shop/reads)");
    cluster.deployment(
        "shop",
        "bound",
        "{nodeSelector: {node-role.kubernetes.io/control-plane: \"\"}, containers: [{name: c, image:"
            + " i}]}");
    fails("ra2.app.008", "shop/bound runs on control-plane nodes only");
  }

  private void deployment(String name, String revision, String strategy) {
    cluster.with(
        "/apis/apps/v1/namespaces/shop/deployments",
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %1$s, namespace: shop, annotations: {deployment.kubernetes.io/revision: "%2$s"}}
        spec:
          replicas: 2
          selector: {matchLabels: {app: %1$s}}
          strategy: %3$s
          template: {metadata: {labels: {app: %1$s}}, spec: {containers: [{name: c, image: i}]}}
        status:
          replicas: 2
          updatedReplicas: 2
          availableReplicas: 2
          conditions: [{type: Available, status: "True"}, {type: Progressing, status: "True"}]
        """
            .formatted(name, revision, strategy));
  }

  @Test
  void aRollingUpdateThatCompletedCounts() throws Exception {
    doesNotApply("ra2.app.013");
    deployment("updated", "2", "{type: RollingUpdate}");
    passes("ra2.app.013");
    deployment("new", "1", "{type: RollingUpdate}");
    isOpen("ra2.app.013", "Deployment shop/new");
    deployment("recreated", "3", "{type: Recreate}");
    fails("ra2.app.013", "Recreate");
  }

  @Test
  void anUpdateThatTakesAllPodsAtOnceFails() throws Exception {
    deployment("gone", "2", "{rollingUpdate: {maxUnavailable: 100%}}");
    fails("ra2.app.013", "lets all 2 pods go at once");
    fails("ra2.app.014", "lets all 2 pods go at once");
  }

  @Test
  void aDowngradeThatWasDoneCounts() throws Exception {
    deployment("web", "3", "{type: RollingUpdate}");
    isOpen("ra2.app.014", "rollout undo");
    String path = "/apis/apps/v1/namespaces/shop/deployments/web";
    String uid = (String) io.kubra.api.tree.Trees.get(cluster.kube().get(path), "metadata", "uid");
    cluster.with(
        "/apis/apps/v1/namespaces/shop/replicasets",
        """
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata:
          name: web-1
          namespace: shop
          annotations: {deployment.kubernetes.io/revision: "3", deployment.kubernetes.io/revision-history: "1"}
          ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: %s, controller: true}]
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: i}]}}
        """
            .formatted(uid));
    passes("ra2.app.014");
    cluster.kube().merge(path, "{\"spec\":{\"revisionHistoryLimit\":0}}");
    fails("ra2.app.014", "revisionHistoryLimit 0");
  }

  @Test
  void applicationsThatScaleCanBeDriven() throws Exception {
    doesNotApply("ra2.app.038");
    deployment("web", "1", "{type: RollingUpdate}");
    fails("ra2.app.038", "container c requests no CPU");
    String path = "/apis/apps/v1/namespaces/shop/deployments/web";
    cluster
        .kube()
        .patch(
            path,
            io.kubra.client.PatchType.STRATEGIC,
            "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"resources\":{\"requests\":{\"cpu\":\"10m\"}}}]}}}}");
    passes("ra2.app.038");
    cluster.with(
        "/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers",
        """
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: web, namespace: shop}
        spec:
          maxReplicas: 3
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
          metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]
        status:
          currentReplicas: 2
          desiredReplicas: 2
          conditions: [{type: AbleToScale, status: "True"}, {type: ScalingActive, status: "False"}]
        """);
    fails("ra2.app.038", "ScalingActive False");
  }

  private void attachment(String type) throws InterruptedException {
    cluster.kind(
        "k8s.cni.cncf.io", "network-attachment-definitions", "NetworkAttachmentDefinition");
    cluster.with(
        "/apis/k8s.cni.cncf.io/v1/namespaces/shop/network-attachment-definitions",
        """
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: side, namespace: shop}
        spec: {config: '{"cniVersion": "1.0.0", "plugins": [{"type": "%s"}]}'}
        """
            .formatted(type));
  }

  @Test
  void networksNameInstalledPlugins() throws Exception {
    cluster.facts("n", "cni=bridge", "cni=macvlan");
    doesNotApply("ra2.app.015");
    attachment("macvlan");
    pod(
        "p",
        ", annotations: {k8s.v1.cni.cncf.io/networks: side@net1}",
        "{containers: [{name: c, image: i}]}",
        "{phase: Running}");
    passes("ra2.app.015");
    pod(
        "q",
        ", annotations: {k8s.v1.cni.cncf.io/networks: '[{\"name\": \"missing\"}]'}",
        "{containers: [{name: c, image: i}]}",
        "{phase: Running}");
    fails("ra2.app.015", "asks for shop/missing, which is not there");
  }

  @Test
  void networksWithoutTheirPluginFail() throws Exception {
    cluster.facts("n", "cni=bridge");
    attachment("sriov");
    pod(
        "p",
        ", annotations: {k8s.v1.cni.cncf.io/networks: side}",
        "{containers: [{name: c, image: i}]}",
        "{phase: Running}");
    fails("ra2.app.015", "n has no plugin sriov");
  }

  private void release(String name, String chart, String manifest) throws IOException {
    Map<String, Object> tree =
        Map.of("name", name, "chart", Map.of("metadata", Json.parse(chart)), "manifest", manifest);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(Json.write(tree));
    }
    String stored = Base64.getEncoder().encodeToString(bytes.toByteArray());
    cluster.with(
        "/api/v1/namespaces/shop/secrets",
        """
        apiVersion: v1
        kind: Secret
        type: helm.sh/release.v1
        metadata: {name: sh.helm.release.v1.%1$s.v1, namespace: shop, labels: {owner: helm, status: deployed, name: %1$s}}
        stringData: {release: %2$s}
        """
            .formatted(name, stored));
  }

  private static final String CHART =
      "{\"name\":\"web\",\"version\":\"1.2.3\",\"apiVersion\":\"v2\"}";
  private static final String OBJECTS =
      """
      ---
      # Source: web/templates/nothing.yaml
      ---
      # Source: web/templates/map.yaml
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: map}
      """;

  @Test
  void chartsAreValid() throws Exception {
    doesNotApply("ra2.app.012");
    release("good", CHART, OBJECTS);
    passes("ra2.app.012");
    assertThat(cluster.kube().find("/api/v1/namespaces/shop/configmaps/map")).isEmpty();
    release("bad", "{\"name\":\"web\",\"version\":\"latest\",\"apiVersion\":\"v2\"}", OBJECTS);
    fails("ra2.app.012", "version \"latest\" is not a semantic version");
  }

  @Test
  void chartsWhoseObjectsTheServerRefusesFail() throws Exception {
    release("bad", CHART, OBJECTS.replace("metadata: {name: map}", "metadata: {name: A_B}"));
    fails("ra2.app.012", "ConfigMap A_B is refused");
    release("odd", CHART, OBJECTS.replace("kind: ConfigMap", "kind: Cart"));
    fails("ra2.app.012", "Cart");
  }

  @Test
  void chartsComeFromRepositories() throws Exception {
    doesNotApply("ra2.app.011");
    release("web", CHART, OBJECTS);
    isOpen("ra2.app.011", "shop/web");
    cluster.kind("helm.kubra.io", "helmcharts", "HelmChart");
    String charts = "/apis/helm.kubra.io/v1/namespaces/shop/helmcharts";
    String chart =
        "{apiVersion: helm.kubra.io/v1, kind: HelmChart, metadata: {name: %s, namespace: shop}, spec: %s}";
    cluster.with(charts, chart.formatted("web", "{chart: \"oci://registry.example/web\"}"));
    passes("ra2.app.011");
    cluster.with(charts, chart.formatted("copy", "{chartContent: AAAA}"));
    fails("ra2.app.011", "shop/copy: the chart is a copy in the record itself");
  }

  @Test
  void logsAreWrittenOrNot() throws Exception {
    doesNotApply("ra2.app.046");
    String ready = "{phase: Running, conditions: [{type: Ready, status: \"True\"}]}";
    pod("loud", "", "{containers: [{name: c, image: i}]}", ready);
    cluster.node().answer("GET .*/pods/loud/log", "hello");
    passes("ra2.app.046");
    pod("mute", "", "{containers: [{name: c, image: i}]}", ready);
    cluster.node().answer("GET .*/pods/mute/log", "");
    fails("ra2.app.046", "Pod shop/mute: all logs are empty");
  }

  @Test
  void alphaVersionsAreFound() throws Exception {
    doesNotApply("ra2.app.016");
    release("good", CHART, OBJECTS);
    passes("ra2.app.016");
    release("bad", CHART, OBJECTS.replace("apiVersion: v1", "apiVersion: shop.example/v1alpha1"));
    fails("ra2.app.016", "release shop/bad uses shop.example/v1alpha1");
  }
}
