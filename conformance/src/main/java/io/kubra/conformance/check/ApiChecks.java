package io.kubra.conformance.check;

import io.kubra.api.tree.Trees;
import io.kubra.conformance.cluster.Discovery;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The kinds of checks that only read the API. */
public final class ApiChecks {
  private ApiChecks() {}

  /** Discovery lists all these groups with versions. */
  public static Check served(String... groupVersions) {
    return Check.of(
        "discovery lists " + String.join(", ", groupVersions),
        context -> {
          Findings findings = new Findings();
          for (String groupVersion : groupVersions) {
            findings.expect(
                context.discovery().serves(groupVersion),
                groupVersion + " is served",
                groupVersion + " is not served");
          }
          return findings.verdict();
        });
  }

  /** A group and version serves all these kinds. */
  public static Check kinds(String groupVersion, String... kinds) {
    return Check.of(
        groupVersion + " serves " + String.join(", ", kinds),
        context -> {
          Findings findings = new Findings();
          for (String kind : kinds) {
            boolean there = context.discovery().hasKind(groupVersion, kind);
            findings.expect(
                there,
                kind + " in " + groupVersion + " is served",
                groupVersion + " serves no " + kind);
          }
          return findings.verdict();
        });
  }

  /** A group and version serves all these resources and subresources. */
  public static Check resources(String groupVersion, String... names) {
    return Check.of(
        groupVersion + " serves " + names.length + " resources and subresources",
        context -> {
          List<String> served =
              Trees.maps(context.kube().get(Discovery.root(groupVersion)), "resources").stream()
                  .map(r -> Trees.stringOr(r, "", "name"))
                  .toList();
          Findings findings = new Findings().saw(groupVersion + " serves " + served.size());
          for (String name : names) {
            if (!served.contains(name)) {
              findings.breach(groupVersion + " serves no " + name);
            }
          }
          return findings.verdict();
        });
  }

  /**
   * Kinds that upstream has withdrawn from a version are not served there.
   *
   * @param kinds each as {@code version/Kind}
   */
  public static Check withdrawn(String group, List<String> kinds) {
    return Check.of(
        "nothing withdrawn is served in " + group,
        context -> {
          Findings findings = new Findings();
          for (String kind : kinds) {
            int slash = kind.indexOf('/');
            String groupVersion = group + "/" + kind.substring(0, slash);
            if (context.discovery().hasKind(groupVersion, kind.substring(slash + 1))) {
              findings.breach(
                  groupVersion + " serves " + kind.substring(slash + 1) + ", which was withdrawn");
            }
          }
          return findings.saw("looked for " + String.join(", ", kinds)).verdict();
        });
  }

  /** Some group serves a kind, whatever its version. */
  public static Check someKind(String group, String... kinds) {
    return Check.of(
        group + " serves " + String.join(" or ", kinds),
        context -> {
          for (String groupVersion : context.discovery().groupVersions()) {
            for (String kind : kinds) {
              if (groupVersion.startsWith(group + "/")
                  && context.discovery().hasKind(groupVersion, kind)) {
                return Verdict.pass(kind + " in " + groupVersion + " is served");
              }
            }
          }
          return Verdict.fail("no version of " + group + " with " + String.join(" or ", kinds));
        });
  }

  /** No group has a version that matches, save the groups excepted. */
  public static Check noVersions(String pattern, List<String> excepted) {
    return Check.of(
        "no version in discovery matches " + pattern,
        context -> {
          Findings findings = new Findings();
          List<String> all = context.discovery().groupVersions();
          for (String groupVersion : all) {
            String version = groupVersion.substring(groupVersion.indexOf('/') + 1);
            if (version.matches(pattern) && !excepted.contains(groupVersion)) {
              findings.breach(groupVersion + " is served");
            }
          }
          return findings.saw("read " + all.size() + " groups with versions").verdict();
        });
  }

  /** At least one object of a collection fits. */
  public static Check some(String what, String path, Predicate<Map<String, Object>> fits) {
    return Check.of(
        what,
        context -> {
          List<String> found =
              context.list(path).stream().filter(fits).map(Named::full).limit(5).toList();
          return found.isEmpty()
              ? Verdict.fail("none found: " + what)
              : Verdict.pass(what + ": " + String.join(", ", found));
        });
  }

  /** Every node that is selected fits; not applicable if none is selected. */
  public static Check nodes(
      String what,
      Predicate<Map<String, Object>> selected,
      Predicate<Map<String, Object>> fits,
      java.util.function.Function<Map<String, Object>, String> shown) {
    return Check.of(
        what,
        context -> {
          Findings findings = new Findings();
          int count = 0;
          for (Map<String, Object> node : context.nodes()) {
            if (selected.test(node)) {
              count++;
              String line = Named.name(node) + ": " + shown.apply(node);
              findings.expect(fits.test(node), line, line);
            }
          }
          return count == 0 ? Verdict.notApplicable("there is no such node") : findings.verdict();
        });
  }

  /** The kubelet of every node that runs pods has one of these values in its configuration. */
  public static Check configz(String field, String... wanted) {
    return Check.of(
        "kubelet configuration has " + field + "=" + String.join("|", wanted),
        context -> {
          Findings findings = new Findings();
          if (context.nodes().stream().noneMatch(Nodes::runsPods)) {
            return Verdict.notApplicable("no node runs pods");
          }
          for (Map<String, Object> node : context.nodes()) {
            if (!Nodes.runsPods(node)) {
              continue;
            }
            String path = "/api/v1/nodes/" + Named.name(node) + "/proxy/configz";
            var config = context.kube().find(path);
            if (config.isEmpty()) {
              findings.breach(Named.name(node) + ": the kubelet does not serve its configuration");
              continue;
            }
            List<String> keys = new ArrayList<>(List.of("kubeletconfig"));
            keys.addAll(List.of(field.split("\\.")));
            Object value = Trees.get(config.get(), keys.toArray(String[]::new));
            String line = Named.name(node) + ": " + field + "=" + value;
            findings.expect(List.of(wanted).contains(String.valueOf(value)), line, line);
          }
          return findings.verdict();
        });
  }

  /** Something may be there; it is reported and nothing can fail. */
  public static Check informative(String what, String... words) {
    return Check.of(
        "looks for " + what + " among workloads",
        context -> {
          List<String> found =
              Images.running(context, i -> List.of(words).stream().anyMatch(i::contains)).stream()
                  .map(Images.Running::toString)
                  .toList();
          return found.isEmpty()
              ? Verdict.notApplicable("optional, and no " + what + " was found on the cluster")
              : new Verdict.Pass(found.stream().distinct().limit(10).toList());
        });
  }
}
