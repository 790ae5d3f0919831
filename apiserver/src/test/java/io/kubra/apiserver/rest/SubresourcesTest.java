package io.kubra.apiserver.rest;

import static io.kubra.apiserver.rest.ConfigMaps.tree;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.KindRulesRegistry;
import io.kubra.apiserver.testing.TestingApiServer;
import io.kubra.apiserver.testing.TestingApiServer.Response;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** With rules of its own, so that only the generic machinery is tested. */
class SubresourcesTest {
  private static final String NS = "/api/v1/namespaces/default";
  private static final String PODS = NS + "/pods";
  private static TestingApiServer api;

  private static final class Grace implements KindRules {
    @Override
    public long defaultGracePeriodSeconds(Map<String, Object> pod) {
      return Trees.stringOr(pod, "", "spec", "nodeName").isEmpty() ? 0 : 30;
    }

    @Override
    public boolean generationTracked() {
      return true;
    }
  }

  private static final class NamespaceRules implements KindRules {
    @Override
    public void prepareForCreate(
        io.kubra.apiserver.rules.RuleContext context, Map<String, Object> namespace) {
      Trees.set(
          namespace,
          new java.util.ArrayList<>(java.util.List.of("kubernetes")),
          "spec",
          "finalizers");
    }
  }

  private static final class Tracked implements KindRules {
    @Override
    public boolean generationTracked() {
      return true;
    }
  }

  @BeforeAll
  static void start() {
    api =
        TestingApiServer.start(
            b ->
                b.rules(
                    new KindRulesRegistry()
                        .register("", "pods", new Grace())
                        .register("", "namespaces", new NamespaceRules())
                        .register("apps", "deployments", new Tracked())));
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  private static Map<String, Object> pod(String name) {
    Response r =
        api.send(
            "POST",
            PODS,
            tree(
                """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s","labels":{"app":"%s"}},
                 "spec":{"containers":[{"name":"c","image":"i"}]},"status":{"phase":"Running"}}
                """
                    .formatted(name, name)));
    assertThat(r.status()).as(r.text()).isEqualTo(201);
    return r.tree();
  }

  private static Response bind(String pod, String node) {
    return api.send(
        "POST",
        PODS + "/" + pod + "/binding",
        tree(
            """
            {"apiVersion":"v1","kind":"Binding","metadata":{"name":"%s"},
             "target":{"apiVersion":"v1","kind":"Node","name":"%s"}}
            """
                .formatted(pod, node)));
  }

  private static Response setPhase(String pod, String phase) {
    return api.send(
        "PATCH",
        PODS + "/" + pod + "/status",
        "application/merge-patch+json",
        ("{\"status\":{\"phase\":\"" + phase + "\"},\"spec\":{\"nodeName\":\"elsewhere\"}}")
            .getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void statusIsWrittenThroughItsSubresourceOnly() {
    assertThat(pod("status")).doesNotContainKey("status");
    Response r = setPhase("status", "Running");
    assertThat(r.status()).as(r.text()).isEqualTo(200);
    assertThat(Trees.string(r.tree(), "status", "phase")).isEqualTo("Running");
    assertThat(Trees.get(r.tree(), "spec", "nodeName")).isNull();
    Map<String, Object> next = r.tree();
    Trees.set(next, "Failed", "status", "phase");
    Trees.set(next, "v", "metadata", "labels", "l");
    Map<String, Object> updated = api.send("PUT", PODS + "/status", next).tree();
    assertThat(Trees.string(updated, "status", "phase")).isEqualTo("Running");
    assertThat(Trees.string(updated, "metadata", "labels", "l")).isEqualTo("v");
  }

  @Test
  void aPodIsBoundOnce() {
    pod("bound");
    Response r = bind("bound", "node-1");
    assertThat(r.status()).as(r.text()).isEqualTo(201);
    Map<String, Object> pod = api.send("GET", PODS + "/bound", null).tree();
    assertThat(Trees.string(pod, "spec", "nodeName")).isEqualTo("node-1");
    assertThat(Trees.maps(pod, "status", "conditions").getFirst())
        .containsEntry("type", "PodScheduled")
        .containsEntry("status", "True");
    Response again = bind("bound", "node-2");
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.tree().get("message"))
        .isEqualTo(
            "Operation cannot be fulfilled on pods/binding \"bound\": pod bound is already"
                + " assigned to node \"node-1\"");
  }

  @Test
  void aRunningPodIsGivenTimeAndTheNodeEndsIt() {
    pod("graceful");
    bind("graceful", "node-1");
    Map<String, Object> marked = api.send("DELETE", PODS + "/graceful", null).tree();
    assertThat(Trees.integer(marked, "metadata", "deletionGracePeriodSeconds")).isEqualTo(30);
    assertThat(Trees.string(marked, "metadata", "deletionTimestamp")).isNotNull();
    Map<String, Object> shorter =
        api.send("DELETE", PODS + "/graceful", tree("{\"gracePeriodSeconds\":5}")).tree();
    assertThat(Trees.integer(shorter, "metadata", "deletionGracePeriodSeconds")).isEqualTo(5);
    Map<String, Object> longer =
        api.send("DELETE", PODS + "/graceful", tree("{\"gracePeriodSeconds\":50}")).tree();
    assertThat(Trees.integer(longer, "metadata", "deletionGracePeriodSeconds")).isEqualTo(5);
    assertThat(api.send("DELETE", PODS + "/graceful", tree("{\"gracePeriodSeconds\":0}")).status())
        .isEqualTo(200);
    assertThat(api.send("GET", PODS + "/graceful", null).status()).isEqualTo(404);
  }

  @Test
  void anUnscheduledPodGoesAtOnce() {
    pod("unscheduled");
    assertThat(api.send("DELETE", PODS + "/unscheduled", null).tree()).containsEntry("kind", "Pod");
    assertThat(api.send("GET", PODS + "/unscheduled", null).status()).isEqualTo(404);
  }

  @Test
  void evictionsRespectTheBudget() {
    pod("evicted");
    bind("evicted", "node-1");
    setPhase("evicted", "Running");
    String budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
    Response budget =
        api.send(
            "POST",
            budgets,
            tree(
                """
                {"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"b"},
                 "spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"evicted"}}}}
                """));
    assertThat(budget.status()).as(budget.text()).isEqualTo(201);
    Map<String, Object> eviction =
        tree(
            "{\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\"evicted\"}}");
    Response refused = api.send("POST", PODS + "/evicted/eviction", eviction);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.text())
        .contains("Cannot evict pod as it would violate the pod's disruption budget.")
        .contains("The disruption budget b needs 0 healthy pods and has 0 currently");
    api.send(
        "PATCH",
        budgets + "/b/status",
        "application/merge-patch+json",
        "{\"status\":{\"disruptionsAllowed\":1,\"currentHealthy\":2,\"desiredHealthy\":1,\"expectedPods\":2}}"
            .getBytes(StandardCharsets.UTF_8));
    // not ready, and the budget is kept: it goes without using the budget up
    Response allowed = api.send("POST", PODS + "/evicted/eviction", eviction);
    assertThat(allowed.status()).as(allowed.text()).isEqualTo(201);
    assertThat(
            Trees.string(
                api.send("GET", PODS + "/evicted", null).tree(), "metadata", "deletionTimestamp"))
        .isNotNull();
  }

  @Test
  void scaleShowsAndSetsReplicas() {
    String path = "/apis/apps/v1/namespaces/default/deployments";
    Response created =
        api.send(
            "POST",
            path,
            tree(
                """
                {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},
                 "spec":{"replicas":2,"selector":{"matchLabels":{"app":"d"}},
                 "template":{"metadata":{"labels":{"app":"d"}},
                 "spec":{"containers":[{"name":"c","image":"i"}]}}}}
                """));
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    assertThat(Trees.integer(created.tree(), "metadata", "generation")).isEqualTo(1);
    Map<String, Object> scale = api.send("GET", path + "/d/scale", null).tree();
    assertThat(scale).containsEntry("kind", "Scale").containsEntry("apiVersion", "autoscaling/v1");
    assertThat(Trees.integer(scale, "spec", "replicas")).isEqualTo(2);
    assertThat(Trees.string(scale, "status", "selector")).startsWith("app");
    Trees.set(scale, 5L, "spec", "replicas");
    Response updated = api.send("PUT", path + "/d/scale", scale);
    assertThat(updated.status()).as(updated.text()).isEqualTo(200);
    Response late = api.send("PUT", path + "/d/scale", scale);
    assertThat(late.status()).isEqualTo(409);
    Response patched =
        api.send(
            "PATCH",
            path + "/d/scale",
            "application/merge-patch+json",
            "{\"spec\":{\"replicas\":7}}".getBytes(StandardCharsets.UTF_8));
    assertThat(patched.status()).as(patched.text()).isEqualTo(200);
    Map<String, Object> deployment = api.send("GET", path + "/d", null).tree();
    assertThat(Trees.integer(deployment, "spec", "replicas")).isEqualTo(7);
    assertThat(Trees.integer(deployment, "metadata", "generation")).isEqualTo(3);
  }

  @Test
  void aNamespaceEndsWhenItIsFinalized() {
    api.send(
        "POST",
        "/api/v1/namespaces",
        tree("{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"ending\"}}"));
    Map<String, Object> deleted = api.send("DELETE", "/api/v1/namespaces/ending", null).tree();
    assertThat(Trees.string(deleted, "status", "phase")).isEqualTo("Terminating");
    Map<String, Object> ending = api.send("GET", "/api/v1/namespaces/ending", null).tree();
    Trees.remove(ending, "spec", "finalizers");
    Response r = api.send("PUT", "/api/v1/namespaces/ending/finalize", ending);
    assertThat(r.status()).as(r.text()).isEqualTo(200);
    assertThat(api.send("GET", "/api/v1/namespaces/ending", null).status()).isEqualTo(404);
  }

  @Test
  void everyClusterHasItsSystemNamespaces() {
    for (String name : java.util.List.of("default", "kube-system", "kube-public")) {
      assertThat(api.send("GET", "/api/v1/namespaces/" + name, null).status()).isEqualTo(200);
    }
    assertThat(
            api.send("GET", "/apis/scheduling.k8s.io/v1/priorityclasses/system-node-critical", null)
                .status())
        .isEqualTo(200);
  }
}
