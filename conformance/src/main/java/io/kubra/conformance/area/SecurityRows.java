package io.kubra.conformance.area;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.check.Workload;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.probe.ApiProbes;
import io.kubra.conformance.probe.NodeProbes;
import io.kubra.conformance.probe.PodProbes;
import io.kubra.conformance.probe.SandboxProbes;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.util.Map;

/** Rows of chapter 5 on security. */
final class SecurityRows {
  private static final Check CLUSTER_ADMINS =
      Check.of(
          "only administrators' groups and the platform are bound to cluster-admin",
          context -> {
            Findings findings = new Findings();
            for (Map<String, Object> binding :
                context.list("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings")) {
              if (!"cluster-admin".equals(Trees.string(binding, "roleRef", "name"))) {
                continue;
              }
              for (Map<String, Object> subject : Trees.maps(binding, "subjects")) {
                String who = Trees.stringOr(subject, "", "name");
                String line = Named.name(binding) + " binds " + who;
                // A platform's own controllers, such as those that install charts, need it too.
                boolean platform =
                    "ServiceAccount".equals(Trees.string(subject, "kind"))
                        && Workload.platform(Trees.stringOr(subject, "", "namespace"));
                findings.expect(
                    platform
                        || who.equals("system:masters")
                        || who.equals("kubeadm:cluster-admins"),
                    line,
                    line);
              }
            }
            return findings.verdict();
          });

  private static final Check DEFAULT_NAMESPACE =
      Check.of(
          "no workload is in the namespace default",
          context -> {
            Findings findings = new Findings();
            for (Workload workload : Workload.all(context)) {
              findings.expect(
                  !workload.namespace().equals("default"),
                  workload.name(),
                  workload.name() + " is in the namespace default");
            }
            return findings.verdict();
          });

  private static final Check NAMESPACE_POLICIES =
      Check.of(
          "namespaces of workloads have NetworkPolicies",
          context -> {
            Findings findings = new Findings();
            java.util.Set<String> namespaces = new java.util.TreeSet<>();
            Workload.all(context).forEach(w -> namespaces.add(w.namespace()));
            if (namespaces.isEmpty()) {
              return Verdict.notApplicable(
                  "there are no workloads outside the platform's namespaces");
            }
            for (String namespace : namespaces) {
              boolean has =
                  context.list("/apis/networking.k8s.io/v1/networkpolicies").stream()
                      .anyMatch(p -> Named.namespace(p).equals(namespace));
              findings.expect(
                  has, namespace + " has a policy", namespace + " has no NetworkPolicy");
            }
            return findings.verdict();
          });

  private SecurityRows() {}

  static void add(Rows rows) {
    String rbac = "Authorise with Node,RBAC.";
    rows.add("x.sec.04", rbac, ApiProbes.ACCESS_REVIEW, ApiProbes.ROLE_BINDING)
        .add("x.sec.13", "Bind narrower roles.", CLUSTER_ADMINS)
        .add("x.sec.17", "Use bound tokens.", ApiProbes.TOKEN_REVIEW)
        .add("x.sec.20", "Authenticate at the kubelet's port.", NodeProbes.AUTHENTICATES)
        .add("x.sec.22", "Give workloads namespaces of their own.", DEFAULT_NAMESPACE)
        .add("x.sec.24", "Add default-deny policies.", NAMESPACE_POLICIES)
        .add("x.sec.29", "Use a runtime and kernel with user namespaces.", PodProbes.USER_NAMESPACE)
        .add("x.sec.35", "Add a RuntimeClass for gVisor or Kata.", SandboxProbes.SANDBOX);
  }
}
