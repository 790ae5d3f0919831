package io.kubra.conformance.area;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.cluster.Discovery;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rows on egress controllers. What leaves a cluster is seen only outside of it, so these checks
 * read what is configured, and say what to look at there.
 */
final class EgressRows {
  /** Kinds of Cilium, OVN, Calico, Kube-OVN, Antrea and Spidernet. */
  private static final Pattern KIND =
      Pattern.compile("(Cilium|Vpc)?Egress(IP|Gateway|GatewayPolicy|Policy|Service)|Egress");

  private static final Pattern ADDRESS =
      Pattern.compile(
          "\\d{1,3}(\\.\\d{1,3}){3}(/\\d{1,2})?|[0-9a-fA-F]*:[0-9a-fA-F:]+(/\\d{1,3})?");

  private EgressRows() {}

  private static List<String> collections(Context context) {
    List<String> paths = new ArrayList<>();
    for (String groupVersion : context.discovery().groupVersions()) {
      for (Map<String, Object> resource : context.discovery().resources(groupVersion)) {
        if (groupVersion.contains(".")
            && KIND.matcher(Trees.stringOr(resource, "", "kind")).matches()) {
          paths.add(Discovery.root(groupVersion) + "/" + Trees.stringOr(resource, "", "name"));
        }
      }
    }
    return paths;
  }

  /** Whether a controller of egress is offered. */
  static final Check.Condition OFFERED =
      context ->
          collections(context).isEmpty()
              ? "no egress controller is offered: discovery lists no kind of one"
              : "";

  /** The source addresses that objects of the controller name. */
  private static void addresses(@Nullable Object part, Set<String> found) {
    switch (part) {
      case Map<?, ?> map ->
          map.forEach(
              (key, value) -> {
                if (!String.valueOf(key).matches("(?i).*(dest|exclude|exception).*")) {
                  addresses(value, found);
                }
              });
      case List<?> list -> list.forEach(p -> addresses(p, found));
      case String text when ADDRESS.matcher(text).matches() -> found.add(text);
      case null, default -> {}
    }
  }

  private static Check row(int least, String lookAt) {
    return Check.of(
            "what egress objects name as source addresses; the rest is seen outside",
            context -> {
              Set<String> found = new TreeSet<>();
              List<String> seen = new ArrayList<>();
              for (String path : collections(context)) {
                for (Map<String, Object> object : context.list(path)) {
                  Set<String> own = new TreeSet<>();
                  addresses(object.get("spec"), own);
                  found.addAll(own);
                  seen.add(Named.full(object) + " names " + own);
                }
              }
              if (found.size() < least) {
                return new Verdict.Fail(
                    List.of(
                        "egress objects name "
                            + found.size()
                            + " source addresses, "
                            + least
                            + " or more are wanted"),
                    seen);
              }
              return new Verdict.NotCheckable(
                  Verdict.Cause.MEANS,
                  "it is seen only by a listener outside the cluster: " + lookAt,
                  seen);
            })
        .when(OFFERED);
  }

  static void add(Rows rows) {
    rows.add(
            "ra2.plat.034",
            "Name a source address in the controller's policy.",
            row(1, "the same source address while the pod restarts and moves"))
        .add(
            "ra2.plat.035",
            "Name several source addresses in the controller's policies.",
            row(2, "two selectors with two addresses arrive from these two"))
        .add("ra2.plat.036", "", row(0, "with preservation chosen, the pod's or client's address"))
        .add("ra2.plat.037", "", row(0, "an outbound connection's source is the inbound address"))
        .add("ra2.plat.038", "", row(0, "traffic of two types leaves by two interfaces or VRFs"))
        .add("ra2.plat.039", "", row(0, "frames on the uplink carry the configured VLAN tag"))
        .add("ra2.plat.040", "", row(0, "two tenants reach two hosts that share one address"));
  }
}
