package io.kubra.conformance.area;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.verdict.Findings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The stable resources of the release that the architecture names, 1.33. */
final class StableApi {
  private static final List<String> RESOURCES =
      List.of(
          "v1 bindings componentstatuses configmaps endpoints events limitranges namespaces nodes"
              + " persistentvolumeclaims persistentvolumes pods podtemplates replicationcontrollers"
              + " resourcequotas secrets serviceaccounts services",
          "admissionregistration.k8s.io/v1 mutatingwebhookconfigurations"
              + " validatingadmissionpolicies validatingadmissionpolicybindings"
              + " validatingwebhookconfigurations",
          "apiextensions.k8s.io/v1 customresourcedefinitions",
          "apiregistration.k8s.io/v1 apiservices",
          "apps/v1 controllerrevisions daemonsets deployments replicasets statefulsets",
          "authentication.k8s.io/v1 selfsubjectreviews tokenreviews",
          "authorization.k8s.io/v1 localsubjectaccessreviews selfsubjectaccessreviews"
              + " selfsubjectrulesreviews subjectaccessreviews",
          "autoscaling/v1 horizontalpodautoscalers",
          "autoscaling/v2 horizontalpodautoscalers",
          "batch/v1 cronjobs jobs",
          "certificates.k8s.io/v1 certificatesigningrequests",
          "coordination.k8s.io/v1 leases",
          "discovery.k8s.io/v1 endpointslices",
          "events.k8s.io/v1 events",
          "flowcontrol.apiserver.k8s.io/v1 flowschemas prioritylevelconfigurations",
          "networking.k8s.io/v1 ingressclasses ingresses ipaddresses networkpolicies servicecidrs",
          "node.k8s.io/v1 runtimeclasses",
          "policy/v1 poddisruptionbudgets",
          "rbac.authorization.k8s.io/v1 clusterrolebindings clusterroles rolebindings roles",
          "scheduling.k8s.io/v1 priorityclasses",
          "storage.k8s.io/v1 csidrivers csinodes csistoragecapacities storageclasses"
              + " volumeattachments");

  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

  /** Those that can be created only, or read only. */
  private static final Map<String, List<String>> FEWER =
      Map.of(
          "bindings", List.of("create"),
          "componentstatuses", List.of("get", "list"),
          "selfsubjectreviews", List.of("create"),
          "tokenreviews", List.of("create"),
          "localsubjectaccessreviews", List.of("create"),
          "selfsubjectaccessreviews", List.of("create"),
          "selfsubjectrulesreviews", List.of("create"),
          "subjectaccessreviews", List.of("create"));

  private StableApi() {}

  /** All are served, with all verbs. */
  static final Check SERVED =
      Check.of(
          "discovery lists every stable resource of Kubernetes 1.33 with its verbs",
          context -> {
            Findings findings = new Findings();
            Map<String, Integer> counts = new TreeMap<>();
            for (String line : RESOURCES) {
              String[] words = line.split(" ", -1);
              List<Map<String, Object>> served = context.discovery().resources(words[0]);
              for (int i = 1; i < words.length; i++) {
                String name = words[i];
                Optional<Map<String, Object>> resource =
                    served.stream().filter(r -> name.equals(r.get("name"))).findFirst();
                if (resource.isEmpty()) {
                  findings.breach(words[0] + " serves no " + name);
                  continue;
                }
                counts.merge(words[0], 1, Integer::sum);
                List<String> verbs = Trees.strings(resource.get(), "verbs");
                for (String verb : FEWER.getOrDefault(name, VERBS)) {
                  // Services and namespaces were not deleted as collections in all releases.
                  if (!verbs.contains(verb) && !verb.equals("deletecollection")) {
                    findings.breach(words[0] + " " + name + " has no verb " + verb);
                  }
                }
              }
            }
            counts.forEach((group, count) -> findings.saw(group + ": " + count + " resources"));
            return findings.verdict();
          });
}
