package io.kubra.cli.helm;

import io.kubra.addons.helm.library.HelmException;
import io.kubra.addons.helm.release.Release;
import io.kubra.addons.helm.report.ReleaseList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists releases. */
@Command(
    name = "list",
    aliases = {"ls"},
    description = "list releases")
final class ListCommand extends HelmAction {
  @Option(
      names = {"-q", "--short"},
      description = "output short (quiet) listing format")
  boolean brief;

  @Option(
      names = {"-d", "--date"},
      description = "sort by release date")
  boolean byDate;

  @Option(
      names = {"-r", "--reverse"},
      description = "reverse the sort order")
  boolean reverse;

  @Option(
      names = {"-a", "--all"},
      description = "show all releases without any filter applied")
  boolean all;

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "list releases across all namespaces")
  boolean allNamespaces;

  @Option(names = "--deployed", description = "show deployed releases")
  boolean deployed;

  @Option(names = "--failed", description = "show failed releases")
  boolean failed;

  @Option(names = "--pending", description = "show pending releases")
  boolean pending;

  @Option(names = "--superseded", description = "show superseded releases")
  boolean superseded;

  @Option(names = "--uninstalled", description = "show uninstalled releases")
  boolean uninstalled;

  @Option(names = "--uninstalling", description = "show releases that are being uninstalled")
  boolean uninstalling;

  @Option(
      names = {"-m", "--max"},
      description = "maximum number of releases to fetch")
  int max = 256;

  @Option(names = "--offset", description = "next release index in the list")
  int offset;

  @Option(
      names = {"-f", "--filter"},
      description = "a regular expression that names must match")
  @Nullable String filter;

  @Mixin OutputFlag output = new OutputFlag();

  @Override
  void run(HelmSession helm) {
    Pattern pattern = pattern();
    // Of each release the newest revision counts, unless old ones are asked for.
    Map<String, Release> newest = new HashMap<>();
    List<Release> shown = new ArrayList<>();
    for (Release r : helm.releases(allNamespaces ? "" : helm.namespace()).list()) {
      newest.merge(
          r.namespace() + "/" + r.name(), r, (a, b) -> a.revision() > b.revision() ? a : b);
      if (superseded && !all && matches(r)) {
        shown.add(r);
      }
    }
    if (!superseded || all) {
      newest.values().stream().filter(this::matches).forEach(shown::add);
    }
    shown.removeIf(r -> pattern != null && !pattern.matcher(r.name()).find());
    shown.sort(order());
    int from = Math.min(Math.max(offset, 0), shown.size());
    int to = max > 0 ? Math.min(shown.size(), from + max) : shown.size();
    List<Release> page = shown.subList(from, to);
    if (brief) {
      page.forEach(r -> line(r.name()));
    } else {
      print(ReleaseList.list(page, output.format));
    }
  }

  private @Nullable Pattern pattern() {
    try {
      return filter == null ? null : Pattern.compile(filter);
    } catch (PatternSyntaxException e) {
      throw new HelmException("error parsing regexp: " + e.getDescription());
    }
  }

  private Comparator<Release> order() {
    Comparator<Release> byName =
        Comparator.comparing(Release::name).thenComparing(Release::namespace);
    Comparator<Release> order =
        byDate ? Comparator.comparing(Release::deployedAt).thenComparing(byName) : byName;
    return reverse ? order.reversed() : order;
  }

  private boolean matches(Release r) {
    boolean none = !deployed && !failed && !pending && !superseded && !uninstalled && !uninstalling;
    return all
        || switch (r.status()) {
          case "deployed" -> deployed || none;
          case "failed" -> failed || none;
          case "superseded" -> superseded;
          case "uninstalled" -> uninstalled;
          case "uninstalling" -> uninstalling;
          default -> pending && r.pending();
        };
  }
}
