package io.kubra.conformance.area;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.check.Nodes;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.check.Workload;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.probe.ExposureProbes;
import io.kubra.conformance.probe.StoreProbes;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Rows of chapter 5 on images, tenants, dashboards, node pools and secrets. */
final class TenancyRows {
  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/";
  private static final Pattern VERIFIERS =
      Pattern.compile(
          ".*(sigstore|cosign|connaisseur|portieris|ratify|notation|image-?sign|imagepolicy).*");
  private static final Pattern DASHBOARD =
      Pattern.compile(
          ".*(kubernetesui/dashboard|dashboard-(web|api|auth)|headlamp|octant|skooner).*");

  private TenancyRows() {}

  private static final Check VERIFIED =
      Check.of(
          "admission looks at signatures of images",
          context -> {
            List<String> found = new ArrayList<>();
            for (String kind :
                List.of("validatingwebhookconfigurations", "mutatingwebhookconfigurations")) {
              for (Map<String, Object> hook :
                  context.list("/apis/admissionregistration.k8s.io/v1/" + kind)) {
                boolean verifies =
                    VERIFIERS.matcher(Named.name(hook)).matches()
                        || Trees.maps(hook, "webhooks").stream()
                            .anyMatch(
                                w -> VERIFIERS.matcher(Trees.stringOr(w, "", "name")).matches());
                if (verifies) {
                  found.add(kind + " " + Named.name(hook));
                }
              }
            }
            for (Map<String, Object> policy : context.list("/apis/kyverno.io/v1/clusterpolicies")) {
              if (Trees.maps(policy, "spec", "rules").stream()
                  .anyMatch(r -> r.containsKey("verifyImages"))) {
                found.add("ClusterPolicy " + Named.name(policy));
              }
            }
            return found.isEmpty()
                ? Verdict.fail(
                    "no admission webhook and no policy that verifies signatures was found")
                : new Verdict.Pass(found);
          });

  private static Set<String> tenants(Context context) throws InterruptedException {
    Set<String> namespaces = new TreeSet<>();
    Workload.all(context).forEach(w -> namespaces.add(w.namespace()));
    return namespaces;
  }

  private static final Check TENANTS =
      Check.of(
          "namespaces of applications have a quota, a NetworkPolicy and role bindings",
          context -> {
            Findings findings = new Findings();
            Set<String> tenants = tenants(context);
            Map<String, String> kinds =
                Map.of(
                    "ResourceQuota", "/api/v1/resourcequotas",
                    "NetworkPolicy", "/apis/networking.k8s.io/v1/networkpolicies",
                    "RoleBinding", RBAC + "rolebindings");
            for (String tenant : tenants) {
              for (Map.Entry<String, String> kind : new java.util.TreeMap<>(kinds).entrySet()) {
                boolean has =
                    context.list(kind.getValue()).stream()
                        .anyMatch(o -> Named.namespace(o).equals(tenant));
                findings.expect(
                    has, tenant + " has a " + kind.getKey(), tenant + " has no " + kind.getKey());
              }
            }
            return tenants.isEmpty() ? Workload.NONE : findings.verdict();
          });

  private static boolean dashboard(Map<String, Object> podSpec) {
    return Trees.maps(podSpec, "containers").stream()
        .anyMatch(c -> DASHBOARD.matcher(Trees.stringOr(c, "", "image")).matches());
  }

  private static final Check DASHBOARDS =
      Check.of(
          "dashboards are not published, bound to cluster-admin or reached by all pods",
          context -> {
            Findings findings = new Findings();
            int count = 0;
            for (Map<String, Object> deployment : context.list("/apis/apps/v1/deployments")) {
              Map<String, Object> spec = Trees.map(deployment, "spec", "template", "spec");
              if (spec == null || !dashboard(spec)) {
                continue;
              }
              count++;
              String name = Named.full(deployment);
              String namespace = Named.namespace(deployment);
              findings.saw("dashboard " + name);
              for (Map<String, Object> service : context.list("/api/v1/services")) {
                String type = Trees.stringOr(service, "ClusterIP", "spec", "type");
                if (Named.namespace(service).equals(namespace)
                    && Set.of("NodePort", "LoadBalancer").contains(type)
                    && selects(service, deployment)) {
                  findings.breach("Service " + Named.full(service) + " publishes it as " + type);
                }
              }
              for (Map<String, Object> ingress :
                  context.list("/apis/networking.k8s.io/v1/ingresses")) {
                if (Named.namespace(ingress).equals(namespace)) {
                  findings.breach("Ingress " + Named.full(ingress) + " publishes its namespace");
                }
              }
              String account = Trees.stringOr(spec, "default", "serviceAccountName");
              for (Map<String, Object> binding : context.list(RBAC + "clusterrolebindings")) {
                boolean own =
                    Trees.maps(binding, "subjects").stream()
                        .anyMatch(
                            s ->
                                account.equals(Trees.string(s, "name"))
                                    && namespace.equals(Trees.string(s, "namespace")));
                if (own && "cluster-admin".equals(Trees.string(binding, "roleRef", "name"))) {
                  findings.breach(Named.name(binding) + " binds its account to cluster-admin");
                }
              }
              findings.expect(
                  context.list("/apis/networking.k8s.io/v1/networkpolicies").stream()
                      .anyMatch(p -> Named.namespace(p).equals(namespace)),
                  namespace + " has a NetworkPolicy",
                  namespace + " has no NetworkPolicy that keeps pods away from it");
            }
            return count == 0
                ? Verdict.notApplicable("no dashboard is installed in the cluster")
                : findings.verdict();
          });

  private static boolean selects(Map<String, Object> service, Map<String, Object> deployment) {
    Map<String, Object> selector = Trees.map(service, "spec", "selector");
    return selector != null
        && !selector.isEmpty()
        && selector.entrySet().stream()
            .allMatch(
                e ->
                    String.valueOf(e.getValue())
                        .equals(
                            Trees.string(
                                deployment, "spec", "template", "metadata", "labels", e.getKey())));
  }

  /** The taints that reserve a node for chosen pods. */
  private static List<String> reserving(Map<String, Object> node) {
    return Trees.maps(node, "spec", "taints").stream()
        .filter(t -> !"PreferNoSchedule".equals(Trees.string(t, "effect")))
        .map(t -> Trees.stringOr(t, "", "key"))
        .filter(k -> !k.contains("kubernetes.io/") && !k.contains("cloudprovider"))
        .toList();
  }

  private static final Check POOLS =
      Check.of(
          "on nodes that taints reserve, only pods run that tolerate just these taints",
          context -> {
            Findings findings = new Findings();
            int count = 0;
            for (Map<String, Object> node : context.nodes()) {
              List<String> taints = reserving(node);
              if (taints.isEmpty() || Nodes.controlPlane(node)) {
                continue;
              }
              count++;
              findings.saw(Named.name(node) + " is reserved by " + taints);
              for (Map<String, Object> pod : Workload.pods(context)) {
                boolean there = Named.name(node).equals(Trees.string(pod, "spec", "nodeName"));
                boolean meant =
                    Trees.maps(pod, "spec", "tolerations").stream()
                        .anyMatch(t -> taints.contains(Trees.stringOr(t, "", "key")));
                if (there) {
                  findings.expect(
                      meant,
                      Named.full(pod) + " tolerates the taint by name",
                      Named.full(pod) + " runs on " + Named.name(node) + " without being meant to");
                }
              }
            }
            return count == 0
                ? Verdict.notCheckable(
                    Verdict.Cause.MANUAL,
                    "no node is reserved by a taint; whether an application is so sensitive that it"
                        + " needs nodes of its own, a person must look at")
                : findings.verdict();
          });

  /** Whether a rule lets secrets be read. */
  private static boolean readsSecrets(Map<String, Object> rule) {
    List<String> groups = Trees.strings(rule, "apiGroups");
    List<String> resources = Trees.strings(rule, "resources");
    List<String> verbs = Trees.strings(rule, "verbs");
    return (groups.contains("") || groups.contains("*"))
        && (resources.contains("secrets") || resources.contains("*"))
        && Trees.strings(rule, "resourceNames").isEmpty()
        && List.of("get", "list", "watch", "*").stream().anyMatch(verbs::contains);
  }

  private static final Check SECRET_READERS =
      Check.of(
          "nobody but administrators and the platform may read the secrets of all namespaces",
          context -> {
            Set<String> roles = new TreeSet<>();
            for (Map<String, Object> role : context.list(RBAC + "clusterroles")) {
              if (Trees.maps(role, "rules").stream().anyMatch(TenancyRows::readsSecrets)) {
                roles.add(Named.name(role));
              }
            }
            Findings findings = new Findings();
            findings.saw(roles.size() + " cluster roles let secrets be read");
            for (Map<String, Object> binding : context.list(RBAC + "clusterrolebindings")) {
              String role = Trees.stringOr(binding, "", "roleRef", "name");
              if (!roles.contains(role)) {
                continue;
              }
              for (Map<String, Object> subject : Trees.maps(binding, "subjects")) {
                String name = Trees.stringOr(subject, "", "name");
                boolean platform =
                    name.startsWith("system:")
                            && !name.equals("system:authenticated")
                            && !name.equals("system:unauthenticated")
                            && !name.startsWith("system:serviceaccounts")
                        || name.equals("kubeadm:cluster-admins")
                        || Workload.platform(Trees.stringOr(subject, "", "namespace"));
                if (!platform) {
                  findings.breach(
                      Named.name(binding)
                          + " lets "
                          + Trees.stringOr(subject, "", "kind")
                          + " "
                          + name
                          + " read all secrets, by "
                          + role);
                }
              }
            }
            return findings.verdict();
          });

  private static final Check LITERALS =
      Workload.rule("no value in environments and commands looks like a secret", Literals::in);

  static void add(Rows rows) {
    rows.add(
            "x.sec.02",
            "Admit images of listed registries only, by a ValidatingAdmissionPolicy or webhook.",
            ExposureProbes.UNLISTED)
        .add(
            "x.sec.03",
            "Verify signatures at admission, with sigstore's policy controller for one.",
            VERIFIED,
            ExposureProbes.UNLISTED)
        .add("x.sec.05", "Give each tenant's namespace a quota, policies and roles.", TENANTS)
        .add("x.sec.21", "Take rights and publication from the dashboard.", DASHBOARDS)
        .add("x.sec.23", "Keep other pods off reserved nodes.", POOLS)
        .add(
            "x.sec.30",
            "Narrow who reads secrets, encrypt the state, and name Secrets instead of values.",
            SECRET_READERS,
            StoreProbes.ENCRYPTED,
            LITERALS)
        .add(
            "x.sec.31",
            "Move the values into Secrets.",
            LITERALS.necessary(
                "no secret was found in the objects of applications; layers of images are not"
                    + " scanned here"));
  }
}
