package io.kubra.cli.local;

import io.kubra.client.ApiClient;
import io.kubra.model.authentication.v1.TokenRequest;
import io.kubra.model.authentication.v1.TokenRequestSpec;
import io.kubra.model.core.v1.ServiceAccount;
import io.kubra.model.meta.v1.ObjectMeta;
import io.kubra.model.rbac.v1.ClusterRole;
import io.kubra.model.rbac.v1.ClusterRoleBinding;
import io.kubra.model.rbac.v1.PolicyRule;
import io.kubra.model.rbac.v1.RoleRef;
import io.kubra.model.rbac.v1.Subject;
import java.time.Duration;
import java.util.List;

/** The account with which the status pages are looked at: it reads, and sees no secrets. */
public final class ConsoleAccess {
  private static final String NAMESPACE = "kube-system";
  private static final String ACCOUNT = "kubra-console-viewer";
  private static final String ROLE = "kubra:console-viewer";
  private static final String MANAGER = "kubra";
  private static final Duration LIFETIME = Duration.ofHours(8);

  private final ApiClient client;

  /** An access set up by an administrator's client. */
  public ConsoleAccess(ApiClient client) {
    this.client = client;
  }

  /** A token of the account, which is made when it is missing. */
  public String token() {
    client
        .resource(ServiceAccount.RESOURCE)
        .apply(
            ServiceAccount.builder()
                .metadata(ObjectMeta.builder().namespace(NAMESPACE).name(ACCOUNT).build())
                .build(),
            MANAGER,
            true);
    client.resource(ClusterRole.RESOURCE).apply(role(), MANAGER, true);
    bind("kubra:console-view", "view");
    bind(ROLE, ROLE);
    TokenRequest request =
        TokenRequest.builder()
            .spec(TokenRequestSpec.builder().expirationSeconds(LIFETIME.toSeconds()).build())
            .build();
    return String.valueOf(
        client
            .resource(ServiceAccount.RESOURCE)
            .createSubresource(NAMESPACE, ACCOUNT, "token", request, TokenRequest::read)
            .status()
            .token());
  }

  /** What belongs to no namespace, and so is not in the role that all may be given. */
  private static ClusterRole role() {
    List<String> read = List.of("get", "list", "watch");
    return ClusterRole.builder()
        .metadata(ObjectMeta.builder().name(ROLE).build())
        .rules(
            List.of(
                rule(read, "", "nodes", "persistentvolumes", "componentstatuses"),
                rule(read, "storage.k8s.io", "*"),
                rule(read, "node.k8s.io", "*"),
                rule(read, "scheduling.k8s.io", "*"),
                rule(read, "metrics.k8s.io", "*"),
                rule(read, "apiextensions.k8s.io", "*"),
                rule(read, "apiregistration.k8s.io", "*")))
        .build();
  }

  private static PolicyRule rule(List<String> verbs, String group, String... resources) {
    return PolicyRule.builder()
        .verbs(verbs)
        .apiGroups(List.of(group))
        .resources(List.of(resources))
        .build();
  }

  private void bind(String name, String role) {
    client
        .resource(ClusterRoleBinding.RESOURCE)
        .apply(
            ClusterRoleBinding.builder()
                .metadata(ObjectMeta.builder().name(name).build())
                .roleRef(
                    RoleRef.builder()
                        .apiGroup("rbac.authorization.k8s.io")
                        .kind("ClusterRole")
                        .name(role)
                        .build())
                .subjects(
                    List.of(
                        Subject.builder()
                            .kind("ServiceAccount")
                            .namespace(NAMESPACE)
                            .name(ACCOUNT)
                            .build()))
                .build(),
            MANAGER,
            true);
  }
}
