package io.kubra.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The life of a release whose chart has hooks, tests, a CRD, a StatefulSet and an Ingress. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class HelmTest {
  private static final String CHART =
      Path.of("src", "test", "resources", "charts", "shop").toAbsolutePath().toString();

  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  private static Command.Result helm(String... arguments) {
    Command kubra = CLUSTER.kubra();
    String[] all = new String[arguments.length + 3];
    all[0] = "helm";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[arguments.length + 1] = "--namespace";
    all[arguments.length + 2] = "charts";
    return kubra.attempt("", all);
  }

  private static String done(String... arguments) {
    Command.Result result = helm(arguments);
    assertThat(result.exitCode()).as(result.output()).isZero();
    return result.output();
  }

  @Test
  void aChartIsInstalledUpgradedRolledBackTestedAndRemoved() {
    Command kubectl = CLUSTER.namespace("charts");
    assertThat(done("lint", CHART)).contains("0 chart(s) failed");
    assertThat(done("install", "shop", CHART, "--wait", "--timeout", "60s"))
        .contains("STATUS: deployed")
        .contains("shop says hello.");
    assertThat(kubectl.run("logs", "job/shop-prepare")).isEqualTo("prepared revision 1\n");
    assertThat(kubectl.run("get", "statefulset,ingress,basket,pvc", "-o", "name"))
        .contains("statefulset.apps/shop", "ingress.networking.k8s.io/shop")
        .contains("basket.shop.example.com/shop", "persistentvolumeclaim/data-shop-0");
    assertThat(done("test", "shop")).contains("Phase:          Succeeded");

    done("upgrade", "shop", CHART, "--wait", "--timeout=60s", "--set", "greeting=bye,replicas=2");
    assertThat(kubectl.run("get", "statefulset", "shop")).contains("2/2");
    assertThat(kubectl.run("logs", "job/shop-prepare")).isEqualTo("prepared revision 2\n");
    assertThat(done("test", "shop")).contains("Succeeded");
    assertThat(helm("upgrade", "shop", CHART, "--set", "replicas=many").exitCode()).isOne();
    assertThat(done("history", "shop"))
        .containsPattern("1 .*superseded")
        .containsPattern("2 .*deployed")
        .containsPattern("3 .*failed");

    assertThat(done("rollback", "shop", "1", "--wait")).contains("Rollback was a success");
    assertThat(kubectl.run("get", "statefulset", "shop")).contains("1/1");
    assertThat(done("list")).containsPattern("shop\\s+charts\\s+4\\s+.*deployed");
    assertThat(done("test", "shop")).contains("Succeeded");

    assertThat(done("uninstall", "shop")).contains("release \"shop\" uninstalled");
    assertThat(kubectl.run("get", "statefulset,ingress,basket,service", "-o", "name")).isEmpty();
    assertThat(kubectl.run("get", "pvc", "-o", "name")).contains("data-shop-0");
    Command.Result status = helm("status", "shop");
    assertThat(status.output()).contains("release: not found");
    assertThat(status.exitCode()).isOne();
  }
}
