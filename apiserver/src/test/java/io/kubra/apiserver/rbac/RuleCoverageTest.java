package io.kubra.apiserver.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.apiserver.auth.RequestAttributes;
import io.kubra.apiserver.auth.UserInfo;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleCoverageTest {
  private static PolicyRule rule(String verbs, String groups, String resources, String... names) {
    return new PolicyRule(
        Arrays.asList(verbs.split(",")),
        Arrays.asList(groups.split(",", -1)),
        Arrays.asList(resources.split(",")),
        Arrays.asList(names),
        List.of());
  }

  private static boolean allows(PolicyRule rule, String resource, String subresource, String name) {
    return rule.allows(
        RequestAttributes.resource(
            UserInfo.of("u"), "get", "", "v1", resource, subresource, "ns", name));
  }

  @Test
  void aRuleForAResourceIsNotOneForItsSubresources() {
    assertThat(allows(rule("get", "", "pods"), "pods", "", "x")).isTrue();
    assertThat(allows(rule("get", "", "pods"), "pods", "log", "x")).isFalse();
    assertThat(allows(rule("get", "", "pods/log"), "pods", "log", "x")).isTrue();
    assertThat(allows(rule("get", "", "pods/log"), "pods", "", "x")).isFalse();
    assertThat(allows(rule("get", "", "*/scale"), "pods", "scale", "x")).isTrue();
    assertThat(allows(rule("get", "", "*/scale"), "pods", "log", "x")).isFalse();
    assertThat(allows(rule("*", "*", "*"), "pods", "log", "x")).isTrue();
  }

  @Test
  void aRuleWithNamesIsForThoseOnly() {
    assertThat(allows(rule("get", "", "pods", "a", "b"), "pods", "", "b")).isTrue();
    assertThat(allows(rule("get", "", "pods", "a", "b"), "pods", "", "c")).isFalse();
    assertThat(allows(rule("get", "", "pods", "a"), "pods", "", "")).isFalse();
  }

  @Test
  void severalRulesCoverOneTogether() {
    List<PolicyRule> held = List.of(rule("get,list", "", "pods"), rule("get", "", "secrets"));
    assertThat(RuleCoverage.missing(held, List.of(rule("get", "", "pods,secrets")))).isEmpty();
    assertThat(RuleCoverage.missing(held, List.of(rule("get,list", "", "pods,secrets"))))
        .containsExactly(rule("list", "", "secrets"));
  }

  @Test
  void namesAreNotEnoughForAll() {
    List<PolicyRule> held = List.of(rule("get", "", "pods", "a"));
    assertThat(RuleCoverage.missing(held, List.of(rule("get", "", "pods", "a")))).isEmpty();
    assertThat(RuleCoverage.missing(held, List.of(rule("get", "", "pods")))).hasSize(1);
  }

  @Test
  void clusterAdminCoversEveryBuiltInRole() {
    BootstrapPolicy policy = BootstrapPolicy.load();
    List<PolicyRule> everything = policy.rulesOf("cluster-admin");
    assertThat(policy.clusterRoles()).hasSizeGreaterThan(60);
    assertThat(policy.clusterRoles())
        .allSatisfy(
            role ->
                assertThat(RuleCoverage.missing(everything, PolicyRule.listOf(role))).isEmpty());
  }
}
