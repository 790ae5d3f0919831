package io.kubra.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.conformance.check.ApiChecks;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Nodes;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.verdict.Outcome;
import io.kubra.conformance.verdict.Verdict;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every kind of check, each with an arrangement that passes and one that does not. */
class CheckTest {
  private final TestCluster cluster = new TestCluster();

  @AfterEach
  void stop() {
    cluster.close();
  }

  private Outcome app(String row, String spec) {
    cluster.namespace("shop").deployment("shop", "web", spec);
    return cluster.run("ra2.app." + row);
  }

  @Test
  void groupsAreServedOrNot() throws Exception {
    assertThat(cluster.decide(ApiChecks.served("apps/v1"))).isInstanceOf(Verdict.Pass.class);
    assertThat(cluster.decide(ApiChecks.served("apps/v1", "apps/v7")))
        .isEqualTo(
            new Verdict.Fail(List.of("apps/v7 is not served"), List.of("apps/v1 is served")));
  }

  @Test
  void kindsAreServedOrNot() throws Exception {
    assertThat(cluster.decide(ApiChecks.kinds("v1", "Pod"))).isInstanceOf(Verdict.Pass.class);
    assertThat(cluster.decide(ApiChecks.kinds("v1", "Cart"))).isInstanceOf(Verdict.Fail.class);
    assertThat(cluster.decide(ApiChecks.someKind("apps", "Deployment")))
        .isInstanceOf(Verdict.Pass.class);
    assertThat(cluster.decide(ApiChecks.someKind("shop.example", "Cart")))
        .isInstanceOf(Verdict.Fail.class);
  }

  @Test
  void versionsThatShouldBeOffAreFound() throws Exception {
    assertThat(cluster.decide(ApiChecks.noVersions("v\\d+alpha\\d+", List.of())))
        .isInstanceOf(Verdict.Pass.class);
    assertThat(cluster.decide(ApiChecks.noVersions("v1", List.of())))
        .isInstanceOf(Verdict.Fail.class);
  }

  @Test
  void anObjectIsThereOrNot() throws Exception {
    Check check = ApiChecks.some("a shop", "/api/v1/namespaces", n -> Named.name(n).equals("shop"));
    assertThat(cluster.decide(check)).isInstanceOf(Verdict.Fail.class);
    cluster.namespace("shop");
    assertThat(cluster.decide(check)).isInstanceOf(Verdict.Pass.class);
  }

  @Test
  void nodesFitOrNotOrAreAbsent() throws Exception {
    Check check =
        ApiChecks.nodes(
            "memory", Nodes::worker, n -> Nodes.capacity(n, "memory") > 1000, n -> "memory");
    assertThat(cluster.decide(check)).isInstanceOf(Verdict.NotApplicable.class);
    cluster.node("a", "{}", "{capacity: {memory: 1Mi}}");
    assertThat(cluster.decide(check)).isInstanceOf(Verdict.Pass.class);
    cluster.node("b", "{}", "{capacity: {memory: 1k}}");
    assertThat(cluster.decide(check)).isInstanceOf(Verdict.Fail.class);
  }

  @Test
  void aKubeletThatDoesNotShowItsConfigurationFails() throws Exception {
    assertThat(cluster.decide(ApiChecks.configz("cpuManagerPolicy", "static")))
        .isInstanceOf(Verdict.NotApplicable.class);
    cluster.node("a", "{}", "{allocatable: {pods: 10}}");
    assertThat(cluster.run("high-performance", "ra2.k8s.009").outcomes().getFirst().verdict())
        .isInstanceOf(Verdict.Fail.class);
  }

  @Test
  void aWorkloadKeepsARuleOrBreaksIt() {
    assertThat(cluster.run("ra2.app.007").verdict()).isInstanceOf(Verdict.NotApplicable.class);
    Outcome bad =
        app(
            "007",
            "{containers: [{name: c, image: i}], volumes: [{name: v, hostPath: {path: /etc}}]}");
    assertThat(bad.verdict())
        .isEqualTo(
            new Verdict.Fail(List.of("Deployment shop/web: mounts /etc of the host"), List.of()));
    assertThat(bad.breach()).isTrue();
    assertThat(bad.remediation()).contains("PersistentVolumeClaim");
  }

  @Test
  void containersKeepARuleOrBreakIt() {
    assertThat(app("034", "{containers: [{name: c, image: \"web:1.2\"}]}").verdict())
        .isInstanceOf(Verdict.Pass.class);
    cluster.deployment("shop", "other", "{containers: [{name: c, image: \"host:5000/web\"}]}");
    assertThat(cluster.run("ra2.app.034").verdict()).isInstanceOf(Verdict.Fail.class);
  }

  @Test
  void platformWorkloadsAreNotWorkloads() {
    cluster.deployment(
        "kube-system", "x", "{hostNetwork: true, containers: [{name: c, image: i}]}");
    assertThat(cluster.run("ra2.app.030").verdict()).isInstanceOf(Verdict.NotApplicable.class);
  }

  @Test
  void addressesInCommandsAreFound() {
    assertThat(
            app(
                    "035",
                    "{containers: [{name: c, image: i, args: [\"--peer=10.1.2.3\", \"127.0.0.1\"]}]}")
                .verdict())
        .isEqualTo(
            new Verdict.Fail(
                List.of("Deployment shop/web: address 10.1.2.3 is written into the pod"),
                List.of()));
  }

  @Test
  void rowsOfTheOtherProfileDoNotApply() {
    assertThat(cluster.run("ra2.k8s.006").verdict()).isInstanceOf(Verdict.NotApplicable.class);
  }

  @Test
  void whatPeopleDoIsNotCheckable() {
    assertThat(cluster.run("x.sec.32").verdict())
        .isInstanceOfSatisfying(
            Verdict.NotCheckable.class, v -> assertThat(v.cause()).isEqualTo(Verdict.Cause.MANUAL));
  }

  @Test
  void allChecksOfARowMustHold() throws Exception {
    Check good = Check.of("good", c -> Verdict.pass("a"));
    Check bad = Check.of("bad", c -> Verdict.fail("b"));
    Check open = Check.manual("it");
    Check absent = Check.of("absent", c -> Verdict.notApplicable("none"));
    assertThat(cluster.decide(Check.all(good, bad, open)))
        .isEqualTo(new Verdict.Fail(List.of("b"), List.of("a")));
    assertThat(cluster.decide(Check.all(good, open))).isInstanceOf(Verdict.NotCheckable.class);
    assertThat(cluster.decide(Check.all(good, absent))).isInstanceOf(Verdict.Pass.class);
    assertThat(cluster.decide(Check.all(absent))).isInstanceOf(Verdict.NotApplicable.class);
    assertThat(cluster.decide(good.necessary("more to see")))
        .isInstanceOfSatisfying(
            Verdict.NotCheckable.class, v -> assertThat(v.evidence()).containsExactly("a"));
    assertThat(cluster.decide(bad.necessary("more to see"))).isInstanceOf(Verdict.Fail.class);
    assertThat(cluster.decide(bad.when(c -> "not here")))
        .isEqualTo(Verdict.notApplicable("not here"));
  }
}
