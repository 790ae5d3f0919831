package io.kubra.conformance.area;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.check.Nodes;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.probe.Components;
import io.kubra.conformance.probe.NodeFacts;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The row that nodes are hardened after a recognised benchmark. Checked is what the CIS benchmark
 * for Kubernetes asks of files, kubelets and the control plane's flags and a program can see; the
 * rules of the operating system's own benchmark are left to people.
 */
final class HardeningRows {
  private HardeningRows() {}

  /** What a path may allow to others than its owner, as bits of its mode. */
  private record PathRule(String path, int forbidden) {}

  // CIS 1.1 and 4.1, with the paths of kubeadm, k3s, RKE2 and Kubra; the first that matches counts.
  private static final List<PathRule> PATHS =
      List.of(
          new PathRule(".*\\.(crt|pub|pem)", 0022),
          new PathRule("/var/lib/kubelet/pki|/etc/kubernetes/pki", 0022),
          new PathRule(".*", 0077));

  static final Check FILES =
      Check.of(
          "keys, kubeconfigs, manifests and state on nodes belong to root and are open to nobody else",
          context -> {
            Findings findings = new Findings();
            int count = 0;
            for (Map<String, Object> node : NodeFacts.nodes(context)) {
              for (String file : NodeFacts.values(node, "file")) {
                count++;
                String[] parts = file.split(" ", 4);
                String line = node.get("node") + ": " + parts[3] + " has mode " + parts[0];
                boolean narrow = (Integer.parseInt(parts[0], 8) & forbidden(parts[3])) == 0;
                // etcd may run as a user of its own, who then owns its data.
                boolean roots = parts[1].equals("0") || parts[3].contains("etcd");
                findings.expect(
                    narrow && roots,
                    line,
                    roots ? line : line + " and belongs to user " + parts[1]);
              }
            }
            return count == 0
                ? Verdict.notCheckable(
                    Verdict.Cause.MEANS, "no file of Kubernetes was found on the nodes")
                : findings.verdict();
          });

  private static int forbidden(String path) {
    return PATHS.stream()
        .filter(rule -> path.matches(rule.path()))
        .findFirst()
        .map(PathRule::forbidden)
        .orElse(0);
  }

  /** A field of a kubelet's configuration, and what it may be. */
  private record FieldRule(String field, Predicate<String> fits) {}

  // CIS 4.2.
  private static final List<FieldRule> KUBELET =
      List.of(
          new FieldRule("authentication.anonymous.enabled", v -> v.equals("false")),
          new FieldRule("authorization.mode", v -> v.equals("Webhook")),
          new FieldRule("authentication.x509.clientCAFile", v -> !v.isEmpty()),
          new FieldRule("readOnlyPort", v -> v.isEmpty() || v.equals("0")),
          new FieldRule("streamingConnectionIdleTimeout", v -> !v.matches("0s?")),
          new FieldRule("makeIPTablesUtilChains", v -> !v.equals("false")),
          new FieldRule("rotateCertificates", v -> v.equals("true")));

  static final Check KUBELETS =
      Check.of(
          "kubelet configurations keep the benchmark's rules",
          context -> {
            Findings findings = new Findings();
            List<String> hidden = new ArrayList<>();
            for (Map<String, Object> node : context.nodes()) {
              if (!Nodes.runsPods(node)) {
                continue;
              }
              String name = Named.name(node);
              Optional<Map<String, Object>> config =
                  context.kube().find("/api/v1/nodes/" + name + "/proxy/configz");
              if (config.isEmpty()) {
                hidden.add(name);
                continue;
              }
              Object kubelet = Trees.get(config.get(), "kubeletconfig");
              for (FieldRule rule : KUBELET) {
                Object value = Trees.get(kubelet, rule.field().split("\\."));
                String text = value == null ? "" : String.valueOf(value);
                String line = name + ": kubelet has " + rule.field() + "=" + text;
                findings.expect(rule.fits().test(text), line, line);
              }
            }
            return findings.failed() || hidden.isEmpty()
                ? findings.verdict()
                : new Verdict.NotCheckable(
                    Verdict.Cause.MEANS,
                    "these kubelets do not show their configuration: " + String.join(", ", hidden),
                    findings.evidence());
          });

  /** A flag of a program, and what it may be. */
  private record FlagRule(String component, String flag, Predicate<String> fits) {}

  private static final Predicate<String> SET = v -> !v.isEmpty();
  private static final Predicate<String> UNSET = String::isEmpty;
  private static final Predicate<String> ON = "true"::equals;
  private static final Predicate<String> OFF = "false"::equals;
  private static final Predicate<String> LOOPBACK = v -> v.equals("127.0.0.1") || v.equals("::1");

  private static Predicate<String> atLeast(int least) {
    return v -> v.matches("\\d{1,9}") && Integer.parseInt(v) >= least;
  }

  private static Predicate<String> lists(String... words) {
    return v -> List.of(v.split(",")).containsAll(List.of(words));
  }

  private static Predicate<String> listsNo(String... words) {
    return v -> List.of(v.split(",")).stream().noneMatch(List.of(words)::contains);
  }

  private static final String API = "kube-apiserver";
  private static final String CONTROLLERS = "kube-controller-manager";
  private static final String SCHEDULER = "kube-scheduler";
  private static final String ETCD = "etcd";

  // CIS 1.2, 1.3, 1.4 and 2.
  private static final List<FlagRule> FLAGS =
      List.of(
          new FlagRule(API, "token-auth-file", UNSET),
          new FlagRule(
              API, "authorization-mode", lists("Node", "RBAC").and(listsNo("AlwaysAllow"))),
          new FlagRule(
              API,
              "enable-admission-plugins",
              lists("NodeRestriction").and(listsNo("AlwaysAdmit"))),
          new FlagRule(
              API, "disable-admission-plugins", listsNo("ServiceAccount", "NamespaceLifecycle")),
          new FlagRule(API, "kubelet-client-certificate", SET),
          new FlagRule(API, "kubelet-client-key", SET),
          new FlagRule(API, "profiling", OFF),
          new FlagRule(API, "audit-log-path", SET),
          new FlagRule(API, "audit-log-maxage", atLeast(30)),
          new FlagRule(API, "audit-log-maxbackup", atLeast(10)),
          new FlagRule(API, "audit-log-maxsize", atLeast(100)),
          new FlagRule(API, "service-account-lookup", OFF.negate()),
          new FlagRule(API, "service-account-key-file", SET),
          new FlagRule(API, "etcd-certfile", SET),
          new FlagRule(API, "etcd-keyfile", SET),
          new FlagRule(API, "etcd-cafile", SET),
          new FlagRule(API, "tls-cert-file", SET),
          new FlagRule(API, "tls-private-key-file", SET),
          new FlagRule(API, "client-ca-file", SET),
          new FlagRule(CONTROLLERS, "profiling", OFF),
          new FlagRule(CONTROLLERS, "use-service-account-credentials", ON),
          new FlagRule(CONTROLLERS, "service-account-private-key-file", SET),
          new FlagRule(CONTROLLERS, "root-ca-file", SET),
          new FlagRule(CONTROLLERS, "bind-address", LOOPBACK),
          new FlagRule(SCHEDULER, "profiling", OFF),
          new FlagRule(SCHEDULER, "bind-address", LOOPBACK),
          new FlagRule(ETCD, "cert-file", SET),
          new FlagRule(ETCD, "key-file", SET),
          new FlagRule(ETCD, "client-cert-auth", ON),
          new FlagRule(ETCD, "auto-tls", ON.negate()),
          new FlagRule(ETCD, "peer-cert-file", SET),
          new FlagRule(ETCD, "peer-key-file", SET),
          new FlagRule(ETCD, "peer-client-cert-auth", ON),
          new FlagRule(ETCD, "peer-auto-tls", ON.negate()));

  static final Check CONTROL_PLANE =
      Check.of(
          "the control plane's flags keep the benchmark's rules",
          context -> {
            if (Components.of(context, API).isEmpty()) {
              return Verdict.notCheckable(
                  Verdict.Cause.MEANS, "the API server's flags are not seen: " + hidden(context));
            }
            Findings findings = new Findings();
            for (String name : List.of(API, CONTROLLERS, SCHEDULER, ETCD)) {
              for (Components.Component component : Components.of(context, name)) {
                for (FlagRule rule : FLAGS) {
                  if (rule.component().equals(name)) {
                    String value = component.flag(rule.flag());
                    String line =
                        component.where()
                            + ": "
                            + name
                            + (value.isEmpty()
                                ? " has no --" + rule.flag()
                                : " has --" + rule.flag() + "=" + value);
                    findings.expect(rule.fits().test(value), line, line);
                  }
                }
              }
            }
            return findings.verdict();
          });

  /** Why the control plane's programs are not seen. */
  private static String hidden(Context context) throws InterruptedException {
    if (context.nodes().stream().noneMatch(Nodes::controlPlane)) {
      return "the cluster lists no control-plane node, as those of providers";
    }
    for (String whole : List.of("kubra", "k3s", "rke2", "kubelite")) {
      List<Components.Component> all = Components.of(context, whole);
      if (!all.isEmpty()) {
        return all.getFirst().where() + " runs " + whole + ", which is the whole control plane";
      }
    }
    return "no pod shows them, and no process of theirs was found on a node that could be read";
  }

  static void add(Rows rows) {
    rows.add(
        "x.sec.06",
        "Narrow the modes, and set the fields and flags, as the CIS benchmark for Kubernetes says.",
        FILES,
        KUBELETS,
        CONTROL_PLANE);
  }
}
