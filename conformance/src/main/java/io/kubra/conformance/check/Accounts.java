package io.kubra.conformance.check;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.cluster.Named;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the service accounts of applications may do in the API, by RBAC. */
public final class Accounts {
  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/";
  // What upstream grants to everybody: to look at what the server is, and at oneself.
  private static final Set<String> EVERYBODYS =
      Set.of(
          "system:basic-user",
          "system:discovery",
          "system:public-info-viewer",
          "system:service-account-issuer-discovery");

  private Accounts() {}

  /** The service account of a workload's pods. */
  public static String of(Workload workload) {
    return Trees.stringOr(workload.spec(), "default", "serviceAccountName");
  }

  /** Whether a workload's pods get a token for the API. */
  public static boolean mountsToken(Context context, Workload workload)
      throws InterruptedException {
    boolean projected =
        Trees.maps(workload.spec(), "volumes").stream()
            .flatMap(v -> Trees.maps(v, "projected", "sources").stream())
            .anyMatch(s -> Trees.map(s, "serviceAccountToken") != null);
    Object own = workload.spec().get("automountServiceAccountToken");
    if (projected || own instanceof Boolean) {
      return projected || Boolean.TRUE.equals(own);
    }
    return context.list("/api/v1/serviceaccounts").stream()
        .filter(a -> Named.full(a).equals(workload.namespace() + "/" + of(workload)))
        .noneMatch(a -> Boolean.FALSE.equals(a.get("automountServiceAccountToken")));
  }

  /** A binding that gives rights to a workload's account, beyond what everybody has. */
  public static Optional<String> right(Context context, Workload workload)
      throws InterruptedException {
    for (String kind : List.of("clusterrolebindings", "rolebindings")) {
      for (Map<String, Object> binding : context.list(RBAC + kind)) {
        String role = Trees.stringOr(binding, "", "roleRef", "name");
        if (!EVERYBODYS.contains(role)
            && Trees.maps(binding, "subjects").stream()
                .anyMatch(s -> means(s, Named.namespace(binding), workload))) {
          return Optional.of(role + " by " + Named.full(binding));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean means(
      Map<String, Object> subject, String bindingNamespace, Workload workload) {
    String name = Trees.stringOr(subject, "", "name");
    return switch (Trees.stringOr(subject, "", "kind")) {
      case "ServiceAccount" ->
          name.equals(of(workload))
              && Trees.stringOr(subject, bindingNamespace, "namespace")
                  .equals(workload.namespace());
      case "Group" ->
          name.equals("system:serviceaccounts")
              || name.equals("system:authenticated")
              || name.equals("system:serviceaccounts:" + workload.namespace());
      case "User" ->
          name.equals("system:serviceaccount:" + workload.namespace() + ":" + of(workload));
      default -> false;
    };
  }
}
