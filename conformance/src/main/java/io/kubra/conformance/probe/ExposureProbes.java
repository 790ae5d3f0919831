package io.kubra.conformance.probe;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.check.Nodes;
import io.kubra.conformance.check.Workload;
import io.kubra.conformance.cluster.Kube;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.cluster.PodDraft;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Probes of what pods and strangers reach of the platform. */
public final class ExposureProbes {
  private static final String PUBLIC_PATHS = "/api/v1/namespaces /api/v1/secrets /api/v1/nodes";
  private static final Map<String, String> NOBODY =
      Map.of("Impersonate-User", "system:anonymous", "Impersonate-Group", "system:unauthenticated");

  private ExposureProbes() {}

  /** Whoever shows no credentials gets nothing but health and version. */
  public static final Check ANONYMOUS =
      Check.of(
          "the anonymous user is refused namespaces, secrets and nodes",
          context -> {
            Findings findings = new Findings();
            for (String path : PUBLIC_PATHS.split(" ")) {
              Kube.Answer answer = context.kube().ask("GET", path + "?limit=1", NOBODY, null);
              if (answer.status() == 403 && answer.body().contains("cannot impersonate")) {
                return Verdict.notCheckable(Verdict.Cause.RIGHTS, answer.message());
              }
              String line =
                  "the anonymous user's GET of " + path + " is answered " + answer.status();
              findings.expect(answer.status() == 401 || answer.status() == 403, line, line);
            }
            return findings.verdict();
          });

  /** Where API servers listen, as address and port with a space between. */
  private static List<String> servers(Context context) throws InterruptedException {
    List<String> targets = new ArrayList<>();
    String slices =
        "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dkubernetes";
    for (Map<String, Object> slice : context.list(slices)) {
      for (Map<String, Object> endpoint : Trees.maps(slice, "endpoints")) {
        for (String address : Trees.strings(endpoint, "addresses")) {
          Trees.maps(slice, "ports")
              .forEach(p -> targets.add(address + " " + Trees.integerOr(p, 443, "port")));
        }
      }
    }
    return targets;
  }

  /** Control plane and kubelets say nothing over plain HTTP. */
  public static final Check TLS =
      Probe.shared(
          "API servers, kubelets and the control plane's ports answer nothing over plain HTTP",
          probe -> {
            List<String> targets = servers(probe.context());
            for (Map<String, Object> node : probe.context().nodes()) {
              for (String address : Nodes.internalAddresses(node)) {
                List<String> ports =
                    Nodes.controlPlane(node)
                        ? List.of("2379", "2380", "10250", "10257", "10259")
                        : List.of("10250");
                ports.forEach(port -> targets.add(address + " " + port));
              }
            }
            List<Reach.Answer> answers =
                Reach.from(probe, "plain-client", targets.stream().distinct().toList());
            Findings findings = new Findings();
            for (Reach.Answer answer : answers) {
              String said = answer.answer().isEmpty() ? "nothing" : answer.answer();
              String line = answer.target() + " answers plain HTTP with " + said;
              findings.expect(
                  !answer.served(), answer.open() ? line : answer.target() + " is closed", line);
            }
            for (Components.Component server : Components.of(probe.context(), "kube-apiserver")) {
              String least = server.flag("tls-min-version");
              String line = server.where() + " has --tls-min-version=" + least;
              if (!least.isEmpty()) {
                findings.expect(!least.matches("VersionTLS1[01]"), line, line);
              }
            }
            return answers.isEmpty()
                ? Verdict.notCheckable(
                    Verdict.Cause.MEANS, "the probe's pod could not try any address")
                : findings.verdict();
          });

  /** Pods do not reach the cloud's metadata and the kubelets' open port. */
  public static final Check METADATA =
      Probe.shared(
          "a pod reaches neither the cloud's metadata nor a kubelet's read-only port",
          probe -> {
            List<String> targets = new ArrayList<>(List.of("169.254.169.254 80"));
            for (Map<String, Object> node : probe.context().nodes()) {
              Nodes.internalAddresses(node).forEach(a -> targets.add(a + " 10255"));
            }
            List<Reach.Answer> answers = Reach.from(probe, "metadata-client", targets);
            Findings findings = new Findings();
            for (Reach.Answer answer : answers) {
              findings.expect(
                  !answer.open(),
                  "a pod cannot connect to " + answer.target(),
                  "a pod can connect to " + answer.target());
            }
            return answers.isEmpty()
                ? Verdict.notCheckable(
                    Verdict.Cause.MEANS, "the probe's pod could not try any address")
                : findings.verdict();
          });

  /** A container that asks for nothing runs under a filter of system calls. */
  public static final Check SECCOMP =
      Probe.shared(
          "a pod that names no seccomp profile runs under one, or every application names one",
          probe -> {
            String status =
                probe
                    .pods()
                    .output(
                        probe
                            .pod("seccomp", "grep '^Seccomp:' /proc/self/status")
                            .main(
                                "securityContext: {runAsUser: 1000, allowPrivilegeEscalation: false}"));
            boolean filtered = status.replaceAll("\\D", "").equals("2");
            String mode =
                "a pod that names no profile has " + status.strip().replaceAll("\\s+", " ");
            if (filtered) {
              return Verdict.pass(mode);
            }
            Findings findings = new Findings().saw(mode);
            int count = 0;
            for (Map<String, Object> pod : probe.context().list("/api/v1/pods")) {
              if (Named.labelled(pod, io.kubra.conformance.cluster.Workspace.LABEL)) {
                continue;
              }
              for (Map<String, Object> container : Trees.maps(pod, "spec", "containers")) {
                count++;
                if (!confined(pod, container)) {
                  findings.breach(
                      Named.full(pod)
                          + " container "
                          + Trees.stringOr(container, "", "name")
                          + " runs without a profile");
                }
              }
            }
            return count == 0 ? Verdict.fail(mode) : findings.verdict();
          });

  private static boolean confined(Map<String, Object> pod, Map<String, Object> container) {
    String own = Trees.stringOr(container, "", "securityContext", "seccompProfile", "type");
    String type =
        own.isEmpty()
            ? Trees.stringOr(pod, "", "spec", "securityContext", "seccompProfile", "type")
            : own;
    return type.equals("RuntimeDefault") || type.equals("Localhost");
  }

  /** Pods that name an image of an unknown registry are refused, wherever applications are. */
  public static final Check UNLISTED =
      Check.of(
          "a pod with an image of an unknown registry is refused in a dry run",
          context -> {
            Set<String> namespaces = new TreeSet<>(Set.of(context.workspace().namespace()));
            Workload.all(context).forEach(w -> namespaces.add(w.namespace()));
            Findings findings = new Findings();
            for (String namespace : namespaces) {
              PodDraft draft =
                  new PodDraft(
                      namespace, "unlisted", "unlisted.kubra-conformance.invalid/image:1", "true");
              Kube.Answer answer =
                  context
                      .kube()
                      .ask(
                          "POST",
                          "/api/v1/namespaces/" + namespace + "/pods?dryRun=All",
                          Map.of(),
                          draft.tree());
              String line = "a pod with an image of an unknown registry, in " + namespace + ", is ";
              boolean refused = answer.status() == 403 || answer.status() == 422;
              if (refused && answer.message().contains("quota")) {
                continue;
              }
              findings.expect(
                  refused,
                  line + "refused: " + answer.message(),
                  line + (answer.status() < 300 ? "let in" : "answered " + answer.status()));
            }
            return findings.verdict();
          });
}
