package io.kubra.conformance.probe;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Images;
import io.kubra.conformance.check.Nodes;
import io.kubra.conformance.cluster.Await;
import io.kubra.conformance.cluster.Discovery;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.cluster.Pods;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Probes of a cluster's load balancer through a Service of type LoadBalancer, whoever serves it.
 * Requests come from a pod, so what is seen is the Service address as the cluster carries it.
 */
public final class BalancerProbes {
  private static final int MANY = 60;
  private static final Pattern SEVERITY =
      Pattern.compile(
          "(?i)\"?(?:level|severity)\"?[=:]\\s*\"?(debug|info|notice|warn(?:ing)?|error|fatal)|^([IWEF])\\d{4} ",
          Pattern.MULTILINE);

  /** Words in the names of the images of load balancers. */
  private static final List<String> IMAGES =
      List.of(
          "metallb",
          "kube-vip",
          "openelb",
          "purelb",
          "loxilb",
          "klipper-lb",
          "cilium/cilium",
          "cloud-controller-manager",
          "aws-load-balancer-controller",
          "seesaw");

  private BalancerProbes() {}

  @FunctionalInterface
  private interface Body {
    Verdict run(Probe probe, Traffic traffic) throws InterruptedException;
  }

  /** A probe that is made only where a Service of type LoadBalancer gets an address at all. */
  private static Check balanced(String how, String suffix, Body body) {
    Check check = Probe.alone(how, "lb-" + suffix, probe -> body.run(probe, new Traffic(probe)));
    return Check.of(
        how,
        context -> {
          Verdict basic = context.verdict(NetworkProbes.LOAD_BALANCER);
          return basic instanceof Verdict.Pass ? context.verdict(check) : basic;
        });
  }

  /** Makes the Service, and returns the address it gets. */
  static Optional<String> address(Probe probe, Traffic traffic, String fields)
      throws InterruptedException {
    traffic.service("balanced", "type: LoadBalancer" + (fields.isEmpty() ? "" : ", " + fields));
    return ingress(probe, "balanced");
  }

  private static Optional<String> ingress(Probe probe, String service) throws InterruptedException {
    return Await.some(
        probe.soon(),
        () ->
            Trees.maps(
                    probe.kube().get(probe.path("v1", "services/" + service)),
                    "status",
                    "loadBalancer",
                    "ingress")
                .stream()
                .map(i -> Trees.stringOr(i, Trees.stringOr(i, "", "hostname"), "ip"))
                .findFirst());
  }

  /** Servers, the client and the Service's address with port. */
  private static String start(Probe probe, Traffic traffic, String fields, String... servers)
      throws InterruptedException {
    traffic.servers(servers);
    traffic.client();
    String at = address(probe, traffic, fields).orElse("0.0.0.0") + ":" + Traffic.PORT;
    traffic.answersSoon(at);
    return at;
  }

  private static String host(String at) {
    return at.substring(0, at.lastIndexOf(':'));
  }

  private static boolean shared(Probe probe, Traffic traffic, String at, Set<String> servers)
      throws InterruptedException {
    return Await.until(
        probe.soon(), () -> traffic.shares(at, servers.size() * 8).keySet().equals(servers));
  }

  /** TCP and UDP both reach every ready pod. */
  public static final Check BOTH_PROTOCOLS =
      balanced(
          "a LoadBalancer Service spreads TCP connections and UDP flows over all ready pods",
          "protocols",
          (probe, traffic) -> {
            String at = start(probe, traffic, "", "a", "b");
            boolean tcp = shared(probe, traffic, at, Set.of("a", "b"));
            long a = traffic.counted("a").datagrams();
            long b = traffic.counted("b").datagrams();
            boolean udp =
                Await.until(
                    probe.run(),
                    () -> {
                      traffic.datagrams(host(at), 8);
                      return traffic.counted("a").datagrams() > a
                          && traffic.counted("b").datagrams() > b;
                    });
            return new Findings()
                .saw(at + " is the balancer's address")
                .require(tcp, "TCP connections reach both pods")
                .require(udp, "UDP flows reach both pods")
                .verdict();
          });

  /** The fields that drive a balancer are honoured. */
  public static final Check FIELDS =
      balanced(
          "externalTrafficPolicy and healthCheckNodePort are kept, a foreign loadBalancerClass is left alone",
          "fields",
          (probe, traffic) -> {
            String at = start(probe, traffic, "externalTrafficPolicy: Local", "a");
            Map<String, Object> service = probe.kube().get(probe.path("v1", "services/balanced"));
            long port = Trees.integerOr(service, 0, "spec", "healthCheckNodePort");
            traffic.service(
                "foreign", "type: LoadBalancer, loadBalancerClass: conformance.kubra.io/none");
            Findings findings =
                new Findings()
                    .require(traffic.answersSoon(at), at + " answers under the policy Local")
                    .require(port > 0, "it has a healthCheckNodePort: " + port);
            health(probe, traffic, findings, port);
            boolean taken = ingress(probe, "foreign").isPresent();
            return findings
                .require(!taken, "a Service of the class conformance.kubra.io/none gets no address")
                .verdict();
          });

  /** The health port of the node of server a says that it has an endpoint. */
  private static void health(Probe probe, Traffic traffic, Findings findings, long port)
      throws InterruptedException {
    String name = Trees.stringOr(probe.read("a"), "", "spec", "nodeName");
    for (Map<String, Object> node : probe.context().nodes()) {
      if (!Named.name(node).equals(name)) {
        continue;
      }
      for (Map<String, Object> address : Trees.maps(node, "status", "addresses")) {
        if ("InternalIP".equals(Trees.string(address, "type"))) {
          String at = Trees.stringOr(address, "", "address") + ":" + port;
          boolean healthy =
              Await.until(
                  probe.soon(), () -> traffic.fetch(at, "/healthz").contains("localEndpoints"));
          findings.require(healthy, at + "/healthz of " + name + " counts its endpoints");
        }
      }
    }
  }

  /** Traffic follows the number of ready pods. */
  public static final Check SCALING =
      balanced(
          "traffic follows ready pods from one to three and back",
          "scaling",
          (probe, traffic) -> {
            String at = start(probe, traffic, "", "a");
            traffic.servers("b", "c");
            boolean out = shared(probe, traffic, at, Set.of("a", "b", "c"));
            probe.remove("b");
            probe.remove("c");
            boolean in = shared(probe, traffic, at, Set.of("a"));
            return new Findings()
                .require(out, "three pods share the connections after scaling out")
                .require(in, "the one pod left gets all after scaling in")
                .saw(
                    "last shares "
                        + new TreeSet<>(
                            traffic.shares(at, 8).entrySet().stream()
                                .map(Object::toString)
                                .toList()))
                .verdict();
          });

  /** Requests go on when a pod is lost. */
  public static final Check ENDPOINT_LOSS =
      balanced(
          "requests succeed after one of two pods is killed",
          "loss",
          (probe, traffic) -> {
            String at = start(probe, traffic, "", "a", "b");
            boolean before = shared(probe, traffic, at, Set.of("a", "b"));
            probe.kube().delete(Pods.path(probe.namespace(), "b") + "?gracePeriodSeconds=0");
            boolean steered =
                Await.until(probe.soon(), () -> traffic.shares(at, 10).equals(Map.of("a", 10)));
            return new Findings()
                .require(before, "both pods answered before")
                .require(steered, "ten of ten connections reach the pod that is left")
                .verdict();
          });

  /** The share of every pod is alike. */
  public static final Check EVEN =
      balanced(
          MANY + " connections over three pods are shared evenly, within the spread of chance",
          "even",
          (probe, traffic) -> {
            String at = start(probe, traffic, "", "a", "b", "c");
            shared(probe, traffic, at, Set.of("a", "b", "c"));
            Map<String, Integer> shares = traffic.shares(at, MANY);
            int least = shares.values().stream().mapToInt(Integer::intValue).min().orElse(0);
            return new Findings()
                .saw("shares " + shares)
                // Less than 8 of 60 is rarer than one in two thousand if all are as likely.
                .require(shares.size() == 3 && least >= 8, "each of three pods gets about a third")
                .verdict();
          });

  /** Bytes pass as they are. */
  public static final Check LAYER_FOUR =
      balanced(
          "bytes of a TLS handshake pass the balancer unchanged, and datagrams pass it",
          "layers",
          (probe, traffic) -> {
            String at = start(probe, traffic, "", "a");
            long before = traffic.counted("a").datagrams();
            boolean raw = Await.until(probe.soon(), () -> traffic.echoes(host(at)));
            traffic.datagrams(host(at), 8);
            return new Findings()
                .require(raw, "the bytes that the pod sent back are those sent to the balancer")
                .require(traffic.counted("a").datagrams() > before, "datagrams reach the pod")
                .verdict();
          });

  /** What a balancer does is written down with severities. */
  public static final Check EVENT_LOG =
      balanced(
          "events of the Service, or the balancer's own log, have two severities or more",
          "events",
          (probe, traffic) -> {
            start(probe, traffic, "", "a");
            traffic.service("refused", "type: LoadBalancer, loadBalancerIP: 203.0.113.253");
            ingress(probe, "refused");
            Set<String> severities = new TreeSet<>();
            Findings findings = new Findings();
            for (Map<String, Object> event : probe.kube().list(probe.path("v1", "events"))) {
              if ("Service".equals(Trees.string(event, "involvedObject", "kind"))) {
                severities.add(Trees.stringOr(event, "", "type"));
                findings.saw(
                    Trees.stringOr(event, "", "type") + " " + Trees.stringOr(event, "", "reason"));
              }
            }
            for (Map<String, Object> pod : balancers(probe)) {
              String log =
                  probe
                      .kube()
                      .ask(
                          "GET",
                          Pods.path(Named.namespace(pod), Named.name(pod)) + "/log?tailLines=500",
                          Map.of("Accept", "*/*"),
                          null)
                      .body();
              Matcher line = SEVERITY.matcher(log);
              while (line.find()) {
                severities.add(line.group(1) == null ? line.group(2) : line.group(1));
              }
              findings.saw("read the log of " + Named.full(pod));
            }
            return findings
                .require(severities.size() >= 2, "there are several severities: " + severities)
                .verdict();
          });

  private static List<Map<String, Object>> balancers(Probe probe) throws InterruptedException {
    return Images.running(probe.context(), i -> IMAGES.stream().anyMatch(i::contains)).stream()
        .map(Images.Running::pod)
        .limit(5)
        .toList();
  }

  /** A pod that is not ready gets no traffic until it is again. */
  public static final Check WATCHES =
      balanced(
          "a pod that fails its check leaves the rotation and comes back when well",
          "watch",
          (probe, traffic) -> {
            String at = start(probe, traffic, "", "a", "b");
            boolean before = shared(probe, traffic, at, Set.of("a", "b"));
            probe.shell("b", "touch /tmp/sick");
            boolean left = shared(probe, traffic, at, Set.of("a"));
            probe.shell("b", "rm /tmp/sick");
            boolean back = shared(probe, traffic, at, Set.of("a", "b"));
            return new Findings()
                .require(before, "both pods answered before")
                .require(left, "the sick one gets no connections")
                .require(back, "well again, it gets some")
                .verdict();
          });

  /** Replies that do not pass the balancer again. */
  public static final Check DIRECT_RETURN =
      balanced(
          "the balancer is set to direct server return",
          "dsr",
          (probe, traffic) -> {
            for (Map<String, Object> map : probe.context().list("/api/v1/configmaps")) {
              String mode = Trees.stringOr(map, "", "data", "bpf-lb-mode");
              if (mode.equals("dsr") || mode.equals("hybrid")) {
                return Verdict.pass(Named.full(map) + " sets bpf-lb-mode to " + mode);
              }
            }
            return Verdict.notCheckable(
                Verdict.Cause.MEANS,
                "whether replies go around the balancer shows only in a capture on its node, which"
                    + " needs rights that probes do not take: capture there while a client outside"
                    + " asks the Service");
          });

  /** Connections and clients stay with their pod. */
  public static final Check STATE =
      balanced(
          "an open connection outlives new pods; ClientIP affinity keeps a client on one pod",
          "state",
          (probe, traffic) -> {
            String at = start(probe, traffic, "", "a");
            String talk =
                "(echo one; sleep 6; echo two) | nc -w 9 %s %d".formatted(host(at), Traffic.ECHO);
            Thread adding =
                Thread.startVirtualThread(() -> probe.pods().create(traffic.server("b")));
            String heard = traffic.ask(talk);
            adding.join();
            probe.pods().awaitReady(probe.namespace(), "b");
            probe
                .kube()
                .merge(
                    probe.path("v1", "services/balanced"),
                    "{\"spec\":{\"sessionAffinity\":\"ClientIP\"}}");
            boolean kept =
                Await.until(
                    probe.soon(),
                    () -> {
                      Map<String, Integer> shares = traffic.shares(at, 12);
                      return shares.size() == 1 && shares.containsValue(12);
                    });
            return new Findings()
                .require(
                    heard.contains("one") && heard.contains("two"),
                    "what was sent before and after a pod was added came back on one connection")
                .require(kept, "with ClientIP, twelve of twelve connections reach one pod")
                .verdict();
          });

  /** Datagrams of one flow reach one pod. */
  public static final Check DATAGRAMS =
      balanced(
          "datagrams from one port all reach one pod",
          "udp",
          (probe, traffic) -> {
            String at = start(probe, traffic, "", "a", "b");
            boolean arrived = false;
            Findings findings = new Findings();
            for (int flow = 0; flow < 4; flow++) {
              long a = traffic.counted("a").datagrams();
              long b = traffic.counted("b").datagrams();
              traffic.datagrams(host(at), 8);
              a = traffic.counted("a").datagrams() - a;
              b = traffic.counted("b").datagrams() - b;
              arrived |= a + b > 1;
              String line = "a flow gave pod a " + a + " datagrams and pod b " + b;
              findings.expect(a == 0 || b == 0, line, line);
            }
            return findings.require(arrived, "datagrams arrive").verdict();
          });

  /** Datagrams larger than a packet arrive whole. */
  public static final Check FRAGMENTS =
      balanced(
          "datagrams of 3000 bytes arrive in pieces and are put together at one pod",
          "fragments",
          (probe, traffic) -> {
            String at = start(probe, traffic, "", "a", "b");
            Findings findings = new Findings();
            long a = traffic.counted("a").reassembled();
            long b = traffic.counted("b").reassembled();
            traffic.datagrams(host(at), 3000);
            a = traffic.counted("a").reassembled() - a;
            b = traffic.counted("b").reassembled() - b;
            return findings
                .saw("pod a put together " + a + " datagrams, pod b " + b)
                .require(a + b > 0, "datagrams are put together")
                .require(a == 0 || b == 0, "at one pod")
                .verdict();
          });

  /** Traffic is steered away from a pod that dies within five seconds. */
  public static final Check FAST =
      balanced(
          "no gap of five seconds in a stream of requests while one of two pods is killed",
          "fast",
          (probe, traffic) -> {
            String at = start(probe, traffic, "", "a", "b");
            shared(probe, traffic, at, Set.of("a", "b"));
            Thread killing =
                Thread.startVirtualThread(
                    () ->
                        probe
                            .kube()
                            .delete(Pods.path(probe.namespace(), "b") + "?gracePeriodSeconds=0"));
            double gap = traffic.longestGap(at, 8);
            killing.join();
            String line = "the longest time without an answer was %.1f s".formatted(gap);
            return new Findings().expect(gap < 5, line, line).verdict();
          });

  /** The Service's address answers outside the cluster, so somebody announces it there. */
  public static final Check ANNOUNCED =
      balanced(
          "the Service's address answers where this program runs, outside the cluster's nodes",
          "announced",
          (probe, traffic) -> {
            String at = start(probe, traffic, "", "a");
            Findings findings = new Findings();
            announcers(probe).forEach(findings::saw);
            Optional<String> here = ownNode(probe);
            if (here.isPresent()) {
              return new Verdict.NotCheckable(
                  Verdict.Cause.MEANS,
                  "this program runs on the node "
                      + here.get()
                      + ", which knows the address without an announcement: run it from outside",
                  findings.evidence());
            }
            boolean reached = Await.until(probe.soon(), () -> connects(host(at)));
            return reached
                ? findings.saw(at + " accepts connections from here").verdict()
                : new Verdict.NotCheckable(
                    Verdict.Cause.MEANS,
                    at
                        + " does not answer where this program runs, which may lie outside the"
                        + " networks it is announced to: run it where clients are",
                    findings.evidence());
          });

  /** Several nodes announce one address. */
  public static final Check MULTIPATH =
      balanced(
          "the balancer's configuration announces Services over BGP from two nodes or more",
          "multipath",
          (probe, traffic) -> {
            Findings findings = new Findings();
            announcers(probe).forEach(findings::saw);
            long nodes = probe.context().nodes().stream().filter(Nodes::runsPods).count();
            if (nodes < 2) {
              return new Verdict.NotCheckable(
                  Verdict.Cause.MEANS,
                  "the cluster has one node that runs pods, so no two can announce",
                  findings.evidence());
            }
            return new Verdict.NotCheckable(
                Verdict.Cause.MEANS,
                "the next hops of a Service's address are known to the router outside: look there"
                    + " for two or more",
                findings.evidence());
          });

  /** The objects that say how addresses are announced, of the balancers that are known. */
  private static List<String> announcers(Probe probe) {
    List<String> found = new ArrayList<>();
    for (String groupVersion : probe.context().discovery().groupVersions()) {
      if (!groupVersion.matches(
          "(metallb\\.io|cilium\\.io|crd\\.projectcalico\\.org|purelb\\.io)/.*")) {
        continue;
      }
      for (Map<String, Object> resource : probe.context().discovery().resources(groupVersion)) {
        String kind = Trees.stringOr(resource, "", "kind");
        if (kind.matches(
            "BGPPeer|BGPAdvertisement|L2Advertisement|CiliumBGP.*|CiliumL2AnnouncementPolicy|BGPConfiguration|LBNodeAgent")) {
          String path = Discovery.root(groupVersion) + "/" + Trees.stringOr(resource, "", "name");
          probe.kube().listIfServed(path).forEach(o -> found.add(kind + " " + Named.full(o)));
        }
      }
    }
    return found;
  }

  /** The node that has one of this machine's addresses. */
  private static Optional<String> ownNode(Probe probe) throws InterruptedException {
    Set<String> own = new TreeSet<>();
    try {
      NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .forEach(a -> own.add(a.getHostAddress()));
    } catch (SocketException e) {
      return Optional.empty();
    }
    return probe.context().nodes().stream()
        .filter(
            n ->
                Trees.maps(n, "status", "addresses").stream()
                    .anyMatch(a -> own.contains(Trees.stringOr(a, "", "address"))))
        .map(Named::name)
        .findFirst();
  }

  private static boolean connects(String address) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, Traffic.PORT), 2000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
