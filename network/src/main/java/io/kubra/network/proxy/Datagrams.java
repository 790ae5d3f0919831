package io.kubra.network.proxy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the kernel forget where it sent earlier datagrams of a client. Rules are asked only for the
 * first packet of a flow, and a client that goes on sending from one port keeps its flow alive: it
 * would never leave a pod that is gone. Connections need no such care, because their clients begin
 * anew.
 */
@FunctionalInterface
interface Datagrams {
  /**
   * Ends the flows that lead elsewhere than to an endpoint.
   *
   * @param served the endpoints' addresses by the key that the verdict maps have for UDP: {@code
   *     address . udp . port}, or {@code udp . port} on every address of the node
   */
  void forgetAllBut(Map<String, Set<String>> served);

  /** The conntrack program of the system. */
  static Datagrams program() {
    return served -> {
      if (served.isEmpty()) {
        return;
      }
      for (Flow flow : stale(run("conntrack", "-L", "-p", "udp"), served)) {
        String output =
            run(
                "conntrack",
                "-D",
                "-p",
                "udp",
                "--orig-dst",
                flow.to(),
                "--orig-port-dst",
                flow.port(),
                "--reply-src",
                flow.answeredBy());
        Flow.LOG.debug("datagrams to {}:{} choose anew: {}", flow.to(), flow.port(), output);
      }
    };
  }

  /** The flows of a listing that end at no endpoint of what they are addressed to. */
  static Set<Flow> stale(String listing, Map<String, Set<String>> served) {
    Set<Flow> stale = new LinkedHashSet<>();
    for (String line : listing.lines().toList()) {
      Matcher addresses = Flow.ADDRESSES.matcher(line);
      if (!addresses.find()) {
        continue;
      }
      Flow flow = new Flow(addresses.group(1), addresses.group(2), addresses.group(3));
      Set<String> endpoints = served.get(flow.to() + " . udp . " + flow.port());
      if (endpoints == null) {
        endpoints = served.get("udp . " + flow.port());
      }
      if (endpoints != null && !endpoints.contains(flow.answeredBy())) {
        stale.add(flow);
      }
    }
    return stale;
  }

  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      // Its exit code is 1 when there was nothing to delete.
      process.waitFor();
      return output.strip();
    } catch (IOException e) {
      Flow.LOG.warn(
          "clients that go on sending datagrams stay with pods that are gone: {}", e.getMessage());
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  /**
   * Where datagrams go.
   *
   * @param to the address they are sent to
   * @param port the port they are sent to
   * @param answeredBy the address that answers
   */
  record Flow(String to, String port, String answeredBy) {
    private static final Logger LOG = LoggerFactory.getLogger(Datagrams.class);
    private static final Pattern ADDRESSES =
        Pattern.compile("dst=(\\S+) sport=\\S+ dport=(\\d+).*? src=(\\S+)");
  }
}
