package io.kubra.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Trials of applications against ones that bear them and ones that do not. */
class DisturbanceTest {
  private static final String WEB = "/apis/apps/v1/namespaces/shop/deployments/web";
  private static final String STEADY =
      "{observedGeneration: 99, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2}";

  private final TestCluster cluster = new TestCluster();

  @AfterEach
  void stop() {
    cluster.close();
  }

  /** A Deployment of two with a pod on a node, which stays as it is whatever happens. */
  private void arrange() {
    cluster.namespace("shop").disturb("shop");
    cluster.with(
        "/apis/apps/v1/namespaces/shop/deployments",
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: c, image: i, resources: {requests: {cpu: 1m}}}]}
        status: %s
        """
            .formatted(STEADY));
    pod("web-1");
    node("one");
  }

  private void node(String name) {
    cluster.node(
        name, "{}", "{allocatable: {pods: 10}, conditions: [{type: Ready, status: \"True\"}]}");
  }

  /** From now on a change of this shape takes the pods away for good. */
  private void breakAfter(String request) {
    cluster.node().after(request, o -> cluster.node().patchStatus(WEB, "{readyReplicas: 0}"));
  }

  @Test
  void nothingIsDisturbedUnasked() throws Exception {
    assertThat(cluster.found("ra2.app.019")).startsWith("not applicable: ");
    cluster.namespace("shop").deployment("shop", "web", "{containers: [{name: c, image: i}]}");
    assertThat(cluster.found("ra2.app.019"))
        .startsWith("not checkable: it takes disturbing applications");
    assertThat(cluster.disturb("other").found("ra2.app.019"))
        .isEqualTo("not applicable: no Deployment or StatefulSet with pods is in [other]");
    assertThat(cluster.disturb("shop").found("ra2.app.019"))
        .isEqualTo("not checkable: Deployment shop/web was not ready before");
  }

  @Test
  void podsComeBackAfterADeletionOrNot() throws Exception {
    arrange();
    assertThat(cluster.found("ra2.app.019")).isEqualTo("pass");
    assertThat(
            Trees.string(
                cluster.kube().get("/api/v1/namespaces/shop/pods/web-1"),
                "metadata",
                "deletionTimestamp"))
        .isNotNull();
    pod("web-2");
    breakAfter("DELETE .*/pods/web-2");
    assertThat(cluster.found("ra2.app.019"))
        .isEqualTo(
            "fail: Deployment shop/web, a pod was deleted: its pods did not all become ready again");
  }

  private void pod(String name) {
    cluster.with(
        "/api/v1/namespaces/shop/pods",
        "{apiVersion: v1, kind: Pod, metadata: {name: %s, namespace: shop, labels: {app: web}},"
                .formatted(name)
            + " spec: {nodeName: one, containers: [{name: c, image: i}]},"
            + " status: {conditions: [{type: Ready, status: \"True\"}]}}");
  }

  @Test
  void deploymentsAreRolledAndSetBack() throws Exception {
    arrange();
    assertThat(cluster.found("ra2.app.013")).isEqualTo("pass");
    assertThat(cluster.found("ra2.app.014")).isEqualTo("pass");
    assertThat(Trees.get(cluster.kube().get(WEB), "spec", "template", "metadata", "annotations"))
        .isIn(null, Map.of());
    breakAfter("PATCH .*/deployments/web");
    assertThat(cluster.found("ra2.app.013")).contains("its template was changed: its pods did not");
  }

  @Test
  void applicationsScaleAndScaleBack() throws Exception {
    arrange();
    cluster
        .node()
        .after(
            "PATCH .*/deployments/web/scale",
            s -> {
              long replicas = Trees.integerOr(s, 0, "spec", "replicas");
              cluster
                  .node()
                  .patchStatus(WEB, STEADY.replaceAll("eplicas: 2", "eplicas: " + replicas));
            });
    assertThat(cluster.found("ra2.app.038")).isEqualTo("pass");
    assertThat(Trees.integer(cluster.kube().get(WEB), "spec", "replicas")).isEqualTo(2);
    cluster.node().after("PATCH .*/deployments/web/scale", s -> {});
    assertThat(cluster.found("ra2.app.038")).contains("it has one replica more");
  }

  @Test
  void aDrainNeedsASecondNodeAndEndsWithTheFirstTakingPodsAgain() throws Exception {
    arrange();
    assertThat(cluster.found("ra2.app.017"))
        .isEqualTo("not checkable: Deployment shop/web: there is no second node for its pods");
    node("two");
    assertThat(cluster.found("ra2.app.017")).isEqualTo("pass");
    assertThat(Trees.get(cluster.kube().get("/api/v1/nodes/one"), "spec", "unschedulable"))
        .isNull();
    pod("web-2");
    breakAfter("POST .*/eviction");
    assertThat(cluster.found("ra2.app.017"))
        .startsWith("fail: Deployment shop/web, node one was drained");
    assertThat(Trees.get(cluster.kube().get("/api/v1/nodes/one"), "spec", "unschedulable"))
        .isNull();
  }

  @Test
  void aNodeThatSomebodyElseClosedStaysClosed() throws Exception {
    arrange();
    node("two");
    cluster.kube().merge("/api/v1/nodes/one", "{\"spec\":{\"unschedulable\":true}}");
    assertThat(cluster.found("ra2.app.017")).startsWith("not checkable: Deployment shop/web: ");
    assertThat(Trees.get(cluster.kube().get("/api/v1/nodes/one"), "spec", "unschedulable"))
        .isEqualTo(true);
  }

  @Test
  void stressInsideAContainerIsBorneOrNotOrCannotBeTried() throws Exception {
    arrange();
    for (String row : new String[] {"ra2.app.020", "ra2.app.021", "ra2.app.024"}) {
      cluster.node().commands((pod, script) -> "");
      assertThat(cluster.found(row)).as(row).isEqualTo("pass");
      cluster.node().commands((pod, script) -> null);
      assertThat(cluster.found(row))
          .as(row)
          .startsWith(
              "not checkable: Deployment shop/web: the script in its container ended with 1");
    }
    cluster
        .node()
        .commands(
            (pod, script) -> {
              cluster
                  .node()
                  .patchStatus(
                      "/api/v1/namespaces/shop/pods/web-1",
                      "{containerStatuses: [{name: c, image: i, imageID: i, ready: true, restartCount: 1}]}");
              return "";
            });
    assertThat(cluster.found("ra2.app.020"))
        .isEqualTo(
            "fail: Deployment shop/web, memory is taken: its containers were started again 1 times");
  }

  @Test
  void troubleOnTheNetworkIsBorneOrCannotBeTried() throws Exception {
    arrange();
    joined("web-1", 0);
    assertThat(cluster.found("ra2.app.018")).isEqualTo("pass");
    for (String row : new String[] {"ra2.app.022", "ra2.app.023"}) {
      String pod = "web" + row.substring(8).replace('.', '-');
      pod(pod);
      joined(pod, 99);
      cluster.node().answer("GET .*/pods/" + pod + "/log", "the probe image has no tc\n");
      assertThat(cluster.found(row))
          .isEqualTo("not checkable: Deployment shop/web: the probe image has no tc");
    }
  }

  private void joined(String name, int exitCode) {
    cluster
        .node()
        .after(
            "PATCH .*/ephemeralcontainers",
            pod ->
                cluster
                    .node()
                    .patchStatus(
                        "/api/v1/namespaces/shop/pods/" + name,
                        "{ephemeralContainerStatuses: [{name: %s, image: i, imageID: i, ready: false, restartCount: 0, state: {terminated: {exitCode: %d}}}]}"
                            .formatted(
                                Trees.string(
                                    Trees.maps(pod, "spec", "ephemeralContainers").getFirst(),
                                    "name"),
                                exitCode)));
  }
}
