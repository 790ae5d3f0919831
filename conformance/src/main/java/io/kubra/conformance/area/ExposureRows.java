package io.kubra.conformance.area;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.check.Nodes;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.probe.Components;
import io.kubra.conformance.probe.ExposureProbes;
import io.kubra.conformance.probe.NodeFacts;
import io.kubra.conformance.probe.StoreProbes;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Rows of chapter 5 on traffic, ports, state and records of the platform. */
final class ExposureRows {
  // Kubernetes' own by its documentation; ssh; DNS on nodes; node exporter; BGP, Cilium, Calico,
  // Weave, MetalLB.
  private static final Set<Integer> WORKER =
      Set.of(22, 53, 10250, 10256, 9100, 179, 4240, 4244, 5473, 6783, 7472, 7946);
  private static final Set<Integer> CONTROL_PLANE =
      Set.of(443, 6443, 2379, 2380, 9345, 10257, 10259);
  private static final int FIRST_NODE_PORT = 30000;
  private static final int LAST_NODE_PORT = 32767;

  private ExposureRows() {}

  private static Set<Integer> declared(Context context, String node) throws InterruptedException {
    Set<Integer> ports = new TreeSet<>();
    for (Map<String, Object> pod : context.list("/api/v1/pods")) {
      if (!node.equals(Trees.string(pod, "spec", "nodeName"))) {
        continue;
      }
      boolean host = Trees.bool(pod, "spec", "hostNetwork");
      for (Map<String, Object> container : Trees.maps(pod, "spec", "containers")) {
        for (Map<String, Object> port : Trees.maps(container, "ports")) {
          ports.add((int) Trees.integerOr(port, 0, host ? "containerPort" : "hostPort"));
        }
      }
    }
    return ports;
  }

  private static final Check PORTS =
      Check.of(
          "nodes listen on Kubernetes' ports, ssh, those of the network and those that pods declare",
          context -> {
            Findings findings = new Findings();
            int count = 0;
            for (Map<String, Object> node : context.nodes()) {
              String name = Named.name(node);
              Optional<Map<String, Object>> facts =
                  NodeFacts.nodes(context).stream()
                      .filter(n -> name.equals(n.get("node")))
                      .findFirst();
              List<String> open = facts.map(f -> NodeFacts.values(f, "port")).orElse(List.of());
              if (open.isEmpty()) {
                continue;
              }
              count++;
              Set<Integer> declared = declared(context, name);
              findings.saw(name + " listens on " + String.join(", ", open));
              for (String text : open) {
                int port = Integer.parseInt(text);
                boolean known =
                    WORKER.contains(port)
                        || Nodes.controlPlane(node) && CONTROL_PLANE.contains(port)
                        || declared.contains(port)
                        || port >= FIRST_NODE_PORT && port <= LAST_NODE_PORT;
                if (!known) {
                  findings.breach(name + " listens on " + port + ", which nothing here needs");
                }
              }
            }
            return count == 0
                ? Verdict.notCheckable(Verdict.Cause.MEANS, "no node's ports could be read")
                : findings.verdict();
          });

  /** Whether an address is one that the Internet can route to. */
  private static boolean routable(String address) {
    try {
      // Only literal addresses reach this, so that no name is looked up.
      InetAddress parsed = InetAddress.getByName(address);
      byte first = parsed.getAddress()[0];
      boolean unique = parsed.getAddress().length == 16 && (first & 0xfe) == 0xfc;
      boolean shared = parsed.getAddress().length == 4 && first == 100;
      return !parsed.isSiteLocalAddress()
          && !parsed.isLoopbackAddress()
          && !parsed.isLinkLocalAddress()
          && !parsed.isAnyLocalAddress()
          && !unique
          && !shared;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static final Check TRUSTED_NETWORKS =
      Check.of(
              "control-plane nodes have no public address and no Service publishes the API server",
              context -> {
                Findings findings = new Findings();
                for (Map<String, Object> node : context.nodes()) {
                  if (!Nodes.controlPlane(node)) {
                    continue;
                  }
                  for (Map<String, Object> entry : Trees.maps(node, "status", "addresses")) {
                    String address = Trees.stringOr(entry, "", "address");
                    if (address.matches("[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:.]*")) {
                      String line = Named.name(node) + " has the address " + address;
                      findings.expect(!routable(address), line, line + ", which is public");
                    }
                  }
                }
                for (Map<String, Object> service : context.list("/api/v1/services")) {
                  String type = Trees.stringOr(service, "", "spec", "type");
                  String selected = Trees.stringOr(service, "", "spec", "selector", "component");
                  boolean apiServer =
                      Named.full(service).equals("default/kubernetes")
                          || selected.equals("kube-apiserver");
                  if (apiServer) {
                    String line = "Service " + Named.full(service) + " is of type " + type;
                    findings.expect(
                        !type.equals("LoadBalancer") && !type.equals("NodePort"), line, line);
                  }
                }
                return findings.verdict();
              })
          .necessary(
              "nothing publishes the API server; whether firewalls keep it to trusted networks and"
                  + " management has a network of its own, a person must look at");

  private static final Check TRAFFIC =
      Check.of(
          "a mesh or the network encrypts traffic between pods",
          context -> {
            Findings findings = new Findings();
            for (Map<String, Object> policy :
                context.list("/apis/security.istio.io/v1/peerauthentications")) {
              if (Trees.stringOr(policy, "", "spec", "mtls", "mode").equals("STRICT")
                  && Trees.get(policy, "spec", "selector") == null) {
                findings.saw("PeerAuthentication " + Named.full(policy) + " demands mutual TLS");
              }
            }
            for (Map<String, Object> map :
                context.list("/api/v1/namespaces/kube-system/configmaps")) {
              for (String key : List.of("enable-wireguard", "enable-ipsec")) {
                if (Trees.stringOr(map, "", "data", key).equals("true")) {
                  findings.saw("ConfigMap " + Named.full(map) + " has " + key);
                }
              }
              if (Trees.stringOr(map, "", "data", "net-conf.json").contains("wireguard")) {
                findings.saw("ConfigMap " + Named.full(map) + " has flannel use WireGuard");
              }
            }
            for (Map<String, Object> config :
                context.list("/apis/crd.projectcalico.org/v1/felixconfigurations")) {
              if (Trees.bool(config, "spec", "wireguardEnabled")) {
                findings.saw("FelixConfiguration " + Named.name(config) + " enables WireGuard");
              }
            }
            for (Map<String, Object> node : NodeFacts.nodes(context)) {
              NodeFacts.values(node, "wireguard")
                  .forEach(l -> findings.saw(node.get("node") + " has the WireGuard link " + l));
            }
            for (Map<String, Object> deployment : context.list("/apis/apps/v1/deployments")) {
              if (Named.name(deployment).equals("linkerd-identity")) {
                findings.saw("Deployment " + Named.full(deployment) + " gives pods identities");
              }
            }
            return findings.evidence().isEmpty()
                ? Verdict.fail(
                    "found neither Istio's strict mutual TLS nor Linkerd, no encryption in Cilium's,"
                        + " Calico's and flannel's settings, and no WireGuard link on a node")
                : findings.verdict();
          });

  private static final Check AUDIT =
      Check.of(
          "the API server writes audit events, and an alert looks at refusals",
          context -> {
            List<String> counters =
                context
                    .kube()
                    .text("/metrics")
                    .lines()
                    .filter(l -> l.matches("apiserver_audit_event_total(\\{.*})? .*"))
                    .toList();
            double events = 0;
            for (String counter : counters) {
              events += Double.parseDouble(counter.substring(counter.lastIndexOf(' ') + 1));
            }
            Findings findings = new Findings();
            for (Components.Component server : Components.of(context, "kube-apiserver")) {
              findings.saw(
                  server.where() + " has --audit-policy-file=" + server.flag("audit-policy-file"));
            }
            if (events == 0) {
              return findings
                  .breach("the API server's metrics count no audit events: no log is written")
                  .verdict();
            }
            findings.saw("the API server's metrics count " + (long) events + " audit events");
            for (Map<String, Object> rule :
                context.list("/apis/monitoring.coreos.com/v1/prometheusrules")) {
              for (Map<String, Object> group : Trees.maps(rule, "spec", "groups")) {
                for (Map<String, Object> alert : Trees.maps(group, "rules")) {
                  if (Trees.stringOr(alert, "", "expr")
                      .matches("(?s).*code.{1,3}\"4(\\.\\.|0[13]).*")) {
                    return findings
                        .saw("alert " + Trees.string(alert, "alert") + " looks at refusals")
                        .verdict();
                  }
                }
              }
            }
            return new Verdict.NotCheckable(
                Verdict.Cause.MANUAL,
                "audit events are written; no PrometheusRule looks at answers 401 and 403, and"
                    + " whether something else watches them, a person must look at",
                findings.evidence());
          });

  private static final Check REGISTRIES =
      Check.of(
              "node configurations name no registry without TLS or with certificates unchecked",
              context -> {
                Findings findings = new Findings();
                List<Map<String, Object>> nodes = NodeFacts.nodes(context);
                for (Map<String, Object> node : nodes) {
                  List<String> files = NodeFacts.values(node, "registry-file");
                  findings.saw(
                      node.get("node") + ": read " + (files.isEmpty() ? "no file" : files));
                  NodeFacts.values(node, "insecure-registry")
                      .forEach(line -> findings.breach(node.get("node") + ": " + line));
                }
                return nodes.isEmpty()
                    ? Verdict.notCheckable(Verdict.Cause.MEANS, "no node could be read")
                    : findings.verdict();
              })
          .necessary(
              "nodes trust no registry blindly; who may push there and what is cleaned up, a person"
                  + " must look at");

  static void add(Rows rows) {
    rows.add(
            "x.sec.09",
            "Serve TLS only, and switch anonymous access off beyond health and version.",
            ExposureProbes.ANONYMOUS,
            ExposureProbes.TLS)
        .add("x.sec.10", "Stop what listens there, or bind it to loopback.", PORTS)
        .add("x.sec.11", "Give control-plane nodes private addresses only.", TRUSTED_NETWORKS)
        .add(
            "x.sec.15",
            "Set the kubelet's seccompDefault, or seccompProfile RuntimeDefault in pods.",
            ExposureProbes.SECCOMP)
        .add("x.sec.16", "Use a mesh, or encryption in the network plugin.", TRAFFIC)
        .add(
            "x.sec.18",
            "Demand certificates with --client-cert-auth, and bar 2379 and 2380 to pods.",
            StoreProbes.GUARDED)
        .add(
            "x.sec.19",
            "Encrypt Secrets with the API server's --encryption-provider-config.",
            StoreProbes.ENCRYPTED)
        .add(
            "x.sec.26",
            "Bar the metadata address to pods, close 10255, and encrypt the state.",
            ExposureProbes.METADATA,
            StoreProbes.ENCRYPTED)
        .add("x.sec.27", "Give the API server an audit policy and a log or webhook for it.", AUDIT)
        .add("x.sec.33", "Use TLS with certificates that the nodes check.", REGISTRIES);
  }
}
