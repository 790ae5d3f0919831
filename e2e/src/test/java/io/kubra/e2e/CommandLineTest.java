package io.kubra.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The commands that look at a running cluster and its machines. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class CommandLineTest {
  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  @Test
  void logsOfAllContainersComeFromOnePlace() {
    Command kubectl = CLUSTER.namespace("talk");
    for (String name : new String[] {"ann", "bob"}) {
      kubectl.run(
          "run",
          name,
          "--image=" + TestImage.NAME,
          "--restart=Never",
          "--labels=app=talk",
          "--command",
          "--",
          "/bin/sh",
          "-c",
          "echo hello from " + name);
    }
    kubectl.run(
        "wait",
        "--for=jsonpath={.status.phase}=Succeeded",
        "pods",
        "-l",
        "app=talk",
        "--timeout=60s");

    String logs = CLUSTER.kubra("logs", "--all", "-n", "talk", "-l", "app=talk", "--since", "5m");

    assertThat(logs.lines())
        .containsExactlyInAnyOrder(
            "[talk/ann/ann] hello from ann", "[talk/bob/bob] hello from bob");
    assertThat(CLUSTER.kubra("logs", "server", "--tail", "5")).isNotEmpty();
  }

  @Test
  void versionTellsWhatIsInForce() {
    assertThat(CLUSTER.kubra("version", "--features"))
        .contains("Kubernetes: v1.36", "embedded", "apps/v1", "metrics.k8s.io/v1beta1")
        .containsPattern("monitoring +on|prometheus +on");
  }

  @Test
  void theHostIsCheckedAndItsNodeLabelled() {
    Command.Result check = CLUSTER.kubra().attempt("", "host", "check");

    assertThat(check.output()).contains("kernel", "cgroups", "programs", "virtualisation");
    assertThat(check.exitCode()).as(check.output()).isZero();
    assertThat(CLUSTER.kubectl().run("get", "node", CLUSTER.name() + "-worker", "--show-labels"))
        .contains("feature.node.kubernetes.io/cpu-");
  }

  @Test
  void statusShowsThatEverythingRuns() {
    assertThat(CLUSTER.kubra("status")).contains("server", "agent", "containerd");
    Command.Result unknown = CLUSTER.kubra().attempt("", "status", "--name", "nobody");
    assertThat(unknown.exitCode()).isNotZero();
    assertThat(unknown.output().strip().lines()).hasSize(1);
  }
}
