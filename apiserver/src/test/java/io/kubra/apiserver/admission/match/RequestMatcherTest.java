package io.kubra.apiserver.admission.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubra.api.json.Yaml;
import io.kubra.api.meta.GroupResource;
import io.kubra.api.meta.GroupVersionResource;
import io.kubra.api.schema.Catalogue;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.Operation;
import io.kubra.apiserver.admission.ServedForm;
import io.kubra.apiserver.auth.UserInfo;
import io.kubra.apiserver.registry.ChangeEvent;
import io.kubra.apiserver.registry.ObjectReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestMatcherTest {
  private static final ResourceInfo PODS = resource("", "v1", "pods");
  private static final ResourceInfo NODES = resource("", "v1", "nodes");
  private static final ResourceInfo NAMESPACES = resource("", "v1", "namespaces");
  private static final ResourceInfo SCALERS =
      resource("autoscaling", "v2", "horizontalpodautoscalers");
  private static final ResourceInfo OLD_SCALERS =
      resource("autoscaling", "v1", "horizontalpodautoscalers");

  private final RequestMatcher matcher = new RequestMatcher(new OneNamespace());

  @Test
  void rulesNameOperationsGroupsVersionsAndResources() {
    String rules =
        "rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [%s]}]";
    assertThat(matches(rules.formatted("pods"), pod("a").build())).isTrue();
    assertThat(matches(rules.formatted("'*'"), pod("a").build())).isTrue();
    assertThat(matches(rules.formatted("nodes"), pod("a").build())).isFalse();
    assertThat(matches(rules.formatted("'*/*'"), pod("a").subresource("status").build())).isTrue();
    assertThat(matches(rules.formatted("pods/status"), pod("a").subresource("status").build()))
        .isTrue();
    assertThat(matches(rules.formatted("pods"), pod("a").subresource("status").build())).isFalse();
    assertThat(matches(rules.formatted("'*'"), pod("a").subresource("status").build())).isFalse();
  }

  @Test
  void namespacesCountAsClusterScoped() {
    String rules =
        "rules: [{operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'], scope: %s}]";
    AdmissionContext namespace =
        context(NAMESPACES).target("web", "web").object(Map.of("metadata", Map.of())).build();
    assertThat(matches(rules.formatted("Cluster"), namespace)).isTrue();
    assertThat(matches(rules.formatted("Namespaced"), namespace)).isFalse();
    assertThat(matches(rules.formatted("Namespaced"), pod("a").build())).isTrue();
    assertThat(matches(rules.formatted("Cluster"), context(NODES).target("", "n").build()))
        .isTrue();
  }

  @Test
  void aRequestForAnotherVersionIsMeantUnlessTheMatchIsExact() {
    AdmissionContext request =
        context(SCALERS)
            .target("web", "s")
            .versions(
                ServedForm.same(SCALERS),
                () -> List.of(ServedForm.same(OLD_SCALERS), ServedForm.same(SCALERS)))
            .build();
    String rules =
        "rules: [{operations: ['*'], apiGroups: [autoscaling], apiVersions: [v1], resources: [horizontalpodautoscalers]}]";
    ServedForm form = matcher.match(criteria(rules), request);
    assertThat(form).isNotNull();
    assertThat(form.resource()).isEqualTo(OLD_SCALERS);
    assertThat(matches(rules + "\nmatchPolicy: Exact", request)).isFalse();
  }

  @Test
  void selectorsLookAtLabelsOfTheObjectAndItsNamespace() {
    String rules =
        "rules: [{operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*']}]\n";
    AdmissionContext labelled =
        pod("a").object(Map.of("metadata", Map.of("labels", Map.of("app", "web")))).build();
    AdmissionContext before =
        pod("a")
            .object(Map.of("metadata", Map.of()))
            .oldObject(Map.of("metadata", Map.of("labels", Map.of("app", "web"))))
            .build();
    String selector = "objectSelector: {matchLabels: {app: web}}";
    assertThat(matches(rules + selector, labelled)).isTrue();
    assertThat(matches(rules + selector, before)).isTrue();
    assertThat(matches(rules + selector, pod("a").build())).isFalse();
    String team = "namespaceSelector: {matchLabels: {team: %s}}";
    assertThat(matches(rules + team.formatted("blue"), labelled)).isTrue();
    assertThat(matches(rules + team.formatted("red"), labelled)).isFalse();
    assertThat(matches(rules + team.formatted("red"), context(NODES).target("", "n").build()))
        .as("objects without a namespace")
        .isTrue();
    assertThatThrownBy(
            () -> matches(rules + team.formatted("red"), context(PODS).target("gone", "p").build()))
        .hasMessage("namespaces \"gone\" not found");
  }

  @Test
  void policiesExcludeResourcesAndNameObjects() {
    String policy =
        """
        resourceRules: [{operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*']}]
        excludeResourceRules:
        - {operations: ['*'], apiGroups: [''], apiVersions: [v1], resources: [pods], resourceNames: [keep]}
        """;
    MatchCriteria criteria = MatchCriteria.ofPolicy(tree(policy));
    assertThat(matcher.match(criteria, pod("a").build())).isNotNull();
    assertThat(matcher.match(criteria, pod("keep").build())).isNull();
    assertThat(matcher.match(MatchCriteria.ofBinding(null), pod("a").build())).isNotNull();
  }

  private boolean matches(String criteria, AdmissionContext request) {
    return matcher.match(criteria(criteria), request) != null;
  }

  private static MatchCriteria criteria(String yaml) {
    return MatchCriteria.ofWebhook(tree(yaml));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> tree(String yaml) {
    return (Map<String, Object>)
        Objects.requireNonNull(Yaml.parse(yaml.getBytes(StandardCharsets.UTF_8)));
  }

  private static AdmissionContext.Builder pod(String name) {
    return context(PODS).target("web", name);
  }

  private static AdmissionContext.Builder context(ResourceInfo resource) {
    return AdmissionContext.builder(Operation.CREATE, resource, UserInfo.of("u"));
  }

  private static ResourceInfo resource(String group, String version, String name) {
    return Objects.requireNonNull(
        Catalogue.builtin().resource(new GroupVersionResource(group, version, name)));
  }

  /** A cluster with the namespace web, of team blue. */
  private static final class OneNamespace implements ObjectReader {
    @Override
    public @Nullable Map<String, Object> get(GroupResource r, String namespace, String name) {
      return name.equals("web")
          ? Map.of("metadata", Map.of("labels", Map.of("team", "blue")))
          : null;
    }

    @Override
    public List<Map<String, Object>> list(GroupResource r, @Nullable String namespace) {
      return List.of();
    }

    @Override
    public void onChange(GroupResource r, Consumer<ChangeEvent> listener) {}
  }
}
