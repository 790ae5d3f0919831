package io.kubra.addons.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.library.HelmFunction;
import io.kubra.addons.helm.library.HelmLibrary;
import io.kubra.addons.helm.library.HelmOptions;
import io.kubra.addons.helm.library.HelmResult;
import io.kubra.addons.helm.release.Release;
import io.kubra.addons.helm.release.ReleaseStore;
import io.kubra.addons.helm.render.HookedChart;
import io.kubra.addons.helm.render.Rendered;
import io.kubra.addons.helm.report.StatusReport;
import io.kubra.addons.helm.rollback.Rollback;
import io.kubra.addons.helm.rollback.RollbackOptions;
import io.kubra.model.apps.v1.StatefulSet;
import io.kubra.model.core.v1.ConfigMap;
import io.kubra.model.networking.v1.Ingress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A chart with CRDs, hooks, tests, a StatefulSet and an Ingress, from its first day to its last.
 */
class ReleaseLifeTest {
  private static final Path CHART = Path.of("src/test/resources/charts/full").toAbsolutePath();

  @TempDir private static Path folder;
  private static TestingCluster cluster;
  private static HelmLibrary helm;

  @BeforeAll
  static void start() throws Exception {
    cluster = new TestingCluster(folder);
    helm = HelmLibrary.open(Path.of("target/native").toAbsolutePath());
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  private static HelmOptions options(String namespace) {
    return new HelmOptions()
        .text("namespace", namespace)
        .text("kubeConfig", cluster.kubeconfig().toString());
  }

  private static void install(String namespace, String values) {
    succeed(
        HelmFunction.INSTALL,
        options(namespace)
            .text("name", "shop")
            .text("chart", CHART.toString())
            .text("values", values)
            .flag("createNamespace", true));
  }

  private static void upgrade(String namespace, String values) {
    succeed(
        HelmFunction.UPGRADE,
        options(namespace)
            .text("name", "shop")
            .text("chart", CHART.toString())
            .text("values", values));
  }

  private static Release rollback(String namespace, int revision) {
    return new Rollback(
            releases(namespace),
            helm::call,
            new RollbackOptions(
                "shop",
                revision,
                namespace,
                cluster.kubeconfig(),
                Duration.ofSeconds(30),
                false,
                false,
                false,
                true,
                false))
        .run();
  }

  private static ReleaseStore releases(String namespace) {
    return new ReleaseStore(cluster.client(), namespace);
  }

  private static HelmResult succeed(HelmFunction function, HelmOptions options) {
    HelmResult result = helm.call(function, options);
    assertThat(result.error()).isEmpty();
    return result;
  }

  private static String message(String namespace) {
    return cluster
        .client()
        .resource(ConfigMap.RESOURCE)
        .get(namespace, "shop-config")
        .data()
        .get("message");
  }

  @Test
  void aReleaseIsInstalledUpgradedRolledBackAndRemoved() {
    install("life", "message=one");
    assertThat(message("life")).isEqualTo("one");
    var client = cluster.client();
    assertThat(client.resource(StatefulSet.RESOURCE).find("life", "shop-db")).isPresent();
    assertThat(client.resource(Ingress.RESOURCE).find("life", "shop")).isPresent();

    upgrade("life", "message=two");
    assertThat(message("life")).isEqualTo("two");

    Release first = releases("life").get("shop", 1);
    Release back = rollback("life", 0);
    assertThat(message("life")).isEqualTo("one");
    assertThat(back.description()).isEqualTo("Rollback to 1");
    assertThat(back.manifest()).isEqualTo(first.manifest());
    assertThat(back.config()).isEqualTo(first.config());
    assertThat(back.notes()).isEqualTo(first.notes());
    assertThat(releases("life").history("shop"))
        .extracting(Release::status)
        .containsExactly("superseded", "superseded", "deployed");

    HelmResult history = succeed(HelmFunction.HISTORY, options("life").text("releaseName", "shop"));
    assertThat(history.text()).contains("description=Rollback+to+1", "revision=3");

    succeed(HelmFunction.TEST, options("life").text("releaseName", "shop"));
    assertThat(StatusReport.of(releases("life").last("shop"), true, false, true))
        .contains("NAME: shop", "STATUS: deployed", "REVISION: 3", "DESCRIPTION: Rollback to 1")
        .contains("TEST SUITE:     shop-test", "Phase:          Succeeded")
        .contains("Thank you for installing full.");

    succeed(HelmFunction.UNINSTALL, options("life").text("releaseName", "shop"));
    assertThat(releases("life").history("shop")).isEmpty();
    assertThat(client.resource(ConfigMap.RESOURCE).find("life", "shop-config")).isEmpty();
  }

  @Test
  void aRollbackRunsTheHooksOfTheRevisionItReturnsTo() {
    install("hooks", "message=one");
    upgrade("hooks", "message=two");
    Release back = rollback("hooks", 1);
    assertThat(cluster.client().resource(ConfigMap.RESOURCE).get("hooks", "shop-hook").data())
        .containsEntry("r", "1");
    assertThat(back.hooks())
        .filteredOn(hook -> hook.name().equals("shop-hook"))
        .singleElement()
        .satisfies(
            hook -> {
              assertThat(hook.events()).contains("pre-install", "pre-rollback");
              assertThat(hook.phase()).isEqualTo("Succeeded");
            });
  }

  @Test
  void aRevisionThatIsNotThereIsRefusedAsHelmDoes() {
    install("refused", "message=one");
    assertThatThrownBy(() -> rollback("refused", 7))
        .isInstanceOf(HelmException.class)
        .hasMessage("release has no 7 version");
    assertThat(releases("refused").history("shop")).hasSize(1);
  }

  @Test
  void oldRevisionsGoBeyondALimitAndTheDeployedOneStays() {
    install("pruned", "message=one");
    for (int i = 0; i < 3; i++) {
      upgrade("pruned", "message=m" + i);
    }
    releases("pruned").prune("shop", 2);
    assertThat(releases("pruned").history("shop"))
        .extracting(Release::revision)
        .containsExactly(3, 4);
  }

  @Test
  void renderingShowsHooksAfterTheObjects() {
    try (HookedChart copy = new HookedChart(CHART)) {
      Rendered rendered =
          HookedChart.read(
              succeed(
                      HelmFunction.TEMPLATE,
                      new HelmOptions().text("name", "shop").text("chart", copy.chart().toString()))
                  .text());
      assertThat(rendered.manifest()).contains("kind: StatefulSet").doesNotContain("shop-hook");
      assertThat(rendered.hooks())
          .extracting(hook -> hook.path() + " " + hook.events().getFirst())
          .isEqualTo(
              List.of(
                  "full/templates/hook.yaml pre-install", "full/templates/tests/config.yaml test"));
      assertThat(rendered.text(true)).contains("helm.sh/hook: test").doesNotContain("hOOk");
    }
  }
}
