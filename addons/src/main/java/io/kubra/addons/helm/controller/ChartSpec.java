package io.kubra.addons.helm.controller;

import io.kubra.addons.custom.CustomObject;
import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.release.ReleaseStore;
import io.kubra.addons.helm.report.GoTime;
import io.kubra.api.tree.Trees;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a HelmChart asks for, checked. Whoever writes it does not own this machine: nothing of it
 * may name a file here or be taken for an option.
 *
 * @param release the release's name
 * @param namespace the release's namespace
 * @param chart a name in {@code repo}, an address, or empty if the archive is given
 * @param archive the chart's archive; empty if it is fetched
 * @param tree the spec itself, for what is handed on as it is
 */
record ChartSpec(
    String release,
    String namespace,
    String chart,
    String repo,
    String version,
    byte[] archive,
    Duration timeout,
    FailurePolicy failurePolicy,
    Map<String, Object> tree) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Duration LONGEST = Duration.ofHours(24);

  /**
   * Reads a HelmChart.
   *
   * @throws ChartProblem if it asks for something impossible
   */
  static ChartSpec of(CustomObject object) {
    Map<String, Object> spec = Trees.map(object.tree(), "spec");
    if (spec == null) {
      throw ChartProblem.invalid("spec is missing");
    }
    String chart = Trees.stringOr(spec, "", "chart");
    String repo = Trees.stringOr(spec, "", "repo");
    String content = Trees.stringOr(spec, "", "chartContent");
    if (chart.isEmpty() == content.isEmpty()) {
      throw ChartProblem.invalid("exactly one of chart and chartContent is required");
    }
    if (!chart.isEmpty()) {
      checkChart(chart, repo);
    }
    return new ChartSpec(
        name(object.metadata().name()),
        namespace(object, spec),
        chart,
        repo,
        Trees.stringOr(spec, "", "version"),
        archive(content),
        timeout(Trees.stringOr(spec, "300s", "timeout")),
        FailurePolicy.of(Trees.stringOr(spec, "retry", "failurePolicy")),
        spec);
  }

  private static String name(String name) {
    try {
      ReleaseStore.checkName(name);
      return name;
    } catch (HelmException e) {
      throw ChartProblem.invalid(String.valueOf(e.getMessage()));
    }
  }

  private static String namespace(CustomObject object, Map<String, Object> spec) {
    String namespace = Trees.stringOr(spec, "", "targetNamespace");
    if (namespace.isEmpty()) {
      return object.metadata().namespace();
    }
    if (!NAMESPACE.matcher(namespace).matches()) {
      throw ChartProblem.invalid("targetNamespace \"" + namespace + "\" is no namespace's name");
    }
    return namespace;
  }

  private static void checkChart(String chart, String repo) {
    if (repo.isEmpty()) {
      if (!remote(chart, Set.of("oci", "https", "http"))) {
        throw ChartProblem.invalid(
            "chart \"" + chart + "\" needs a repo, or must be an oci:// or https:// address");
      }
      return;
    }
    if (!remote(repo, Set.of("https", "http"))) {
      throw ChartProblem.invalid("repo \"" + repo + "\" is no https:// or http:// address");
    }
    if (!NAME.matcher(chart).matches()) {
      throw ChartProblem.invalid("chart \"" + chart + "\" is no name of a chart in a repo");
    }
  }

  private static boolean remote(String address, Set<String> schemes) {
    try {
      URI uri = URI.create(address);
      return uri.getScheme() != null
          && schemes.contains(uri.getScheme().toLowerCase(Locale.ROOT))
          && uri.getAuthority() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static byte[] archive(String content) {
    try {
      return Base64.getMimeDecoder().decode(content);
    } catch (IllegalArgumentException e) {
      throw ChartProblem.invalid("chartContent is not base64: " + e.getMessage());
    }
  }

  private static Duration timeout(String text) {
    Duration timeout;
    try {
      timeout = GoTime.duration(text);
    } catch (IllegalArgumentException e) {
      throw ChartProblem.invalid(String.valueOf(e.getMessage()));
    }
    if (timeout.isZero() || timeout.compareTo(LONGEST) > 0) {
      throw ChartProblem.invalid("timeout \"" + text + "\" is not between 1s and 24h");
    }
    return timeout;
  }

  /** Whether a switch of the spec is on. */
  boolean on(String field) {
    return Trees.bool(tree, field);
  }

  /** The name of an object that a field refers to; empty if none. */
  String reference(String field) {
    return Trees.stringOr(tree, "", field, "name");
  }

  /** The options of {@code set}, in the order of their keys; each is one argument. */
  List<String> setOptions() {
    Map<String, Object> set = Trees.map(tree, "set");
    List<String> options = new ArrayList<>();
    if (set != null) {
      set.keySet().stream()
          .sorted()
          .forEach(
              key -> {
                Object value = set.get(key);
                boolean typed =
                    value instanceof Number
                        || Set.of("true", "false", "null")
                            .contains(String.valueOf(value).toLowerCase(Locale.ROOT));
                options.add(
                    (typed ? "--set=" : "--set-string=")
                        + key
                        + "="
                        + String.valueOf(value).replaceAll("(?<!\\\\)((?:\\\\\\\\)*),", "$1\\\\,"));
              });
    }
    return options;
  }

  /** Whether the registry's host is known, for which credentials are given. */
  boolean fromRegistry() {
    return chart.regionMatches(true, 0, "oci://", 0, "oci://".length());
  }

  /** Leaves out what may be secret. */
  @Override
  public String toString() {
    return "ChartSpec[" + namespace + "/" + release + " " + chart + "]";
  }
}
