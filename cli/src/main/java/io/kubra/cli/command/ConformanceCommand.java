package io.kubra.cli.command;

import io.kubra.api.status.ApiException;
import io.kubra.cli.CliException;
import io.kubra.cli.local.ControlPlaneShell;
import io.kubra.cli.local.LocalCluster;
import io.kubra.cli.local.LocalClusters;
import io.kubra.cli.local.ProbeImage;
import io.kubra.client.ApiClient;
import io.kubra.client.KubeConfig;
import io.kubra.conformance.Conformance;
import io.kubra.conformance.Options;
import io.kubra.conformance.Progress;
import io.kubra.conformance.catalogue.Catalogue;
import io.kubra.conformance.catalogue.Requirement;
import io.kubra.conformance.cluster.NodeShell;
import io.kubra.conformance.report.Publication;
import io.kubra.conformance.report.Reports;
import io.kubra.conformance.report.Texts;
import io.kubra.conformance.suite.SuiteReport;
import io.kubra.conformance.suite.SuiteReports;
import io.kubra.conformance.verdict.Outcome;
import io.kubra.conformance.verdict.Report;
import io.kubra.conformance.verdict.Verdict;
import io.kubra.model.core.v1.Namespace;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks a cluster against the reference architecture RA2. */
@Command(
    name = "conformance",
    description = "Check a cluster, this host's or any other, against the reference architecture.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:no binding requirement fails",
      "1:a binding requirement fails",
      "2:the arguments are wrong or the cluster cannot be reached",
      "3:none fails, and some could not be checked for lack of rights, time or connection"
    })
public final class ConformanceCommand implements Callable<Integer> {
  private static final String PUBLIC_IMAGE = "busybox:1.37";

  @Mixin private ClusterName cluster = new ClusterName();

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "The cluster to check, by its current context (default: the local cluster).")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--profile",
      defaultValue = "basic",
      description = "basic or high-performance (default: ${DEFAULT-VALUE}).")
  private String profile = "basic";

  @Option(names = "--area", split = ",", description = "Only these areas, such as ntw,stg.")
  private List<String> areas = List.of();

  @Option(names = "--id", split = ",", description = "Only these requirements.")
  private List<String> ids = List.of();

  @Option(names = "--output", paramLabel = "FOLDER", description = "Write all reports there.")
  private @Nullable Path output;

  @Option(
      names = "--image",
      description =
          "Image of the probes' pods, with a shell and busybox's programs (default: one made here"
              + " for local clusters, "
              + PUBLIC_IMAGE
              + " for others).")
  private @Nullable String image;

  @Option(
      names = "--e2e-report",
      paramLabel = "FILE",
      description =
          "A report of upstream's end-to-end suite on this cluster, junit_01.xml or sonobuoy's"
              + " archive, for the rows that it decides.")
  private @Nullable Path suiteReport;

  @Option(
      names = "--disturb",
      split = ",",
      paramLabel = "NAMESPACE",
      description =
          "Disturb the applications of these namespaces, for the rows that ask whether they bear"
              + " it: pods are deleted, evicted and put under stress, Deployments rolled and"
              + " scaled, and all is set back.")
  private List<String> disturb = List.of();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (!List.of("basic", "high-performance").contains(profile)) {
      throw new CliException(
          "there is no profile \"" + profile + "\": basic or high-performance", 2);
    }
    List<Requirement> selected;
    try {
      selected = Catalogue.read().select(areas, ids);
    } catch (IllegalArgumentException e) {
      throw new CliException(String.valueOf(e.getMessage()), 2);
    }
    if (selected.isEmpty()) {
      throw new CliException("no requirement is both in the areas and among the ids given", 2);
    }
    prepareOutput();
    SuiteReport suite = suite();
    KubeConfig config = config();
    try (ApiClient client = ApiClient.https(config, "kubra-conformance")) {
      for (String namespace : disturb) {
        if (client.resource(Namespace.RESOURCE).find("", namespace).isEmpty()) {
          throw new CliException("there is no namespace \"" + namespace + "\" to disturb", 2);
        }
      }
      Options options =
          Options.of(profile, image()).with(suite).with(shell()).disturbing(Set.copyOf(disturb));
      try (Conformance run = new Conformance(client, config.server().toString(), options)) {
        Thread ending = new Thread(run::close);
        Runtime.getRuntime().addShutdownHook(ending);
        Report report = run.run(selected, new Terminal());
        Runtime.getRuntime().removeShutdownHook(ending);
        // Only whole runs, and nothing is left behind in clusters of others.
        if (kubeconfig == null && areas.isEmpty() && ids.isEmpty()) {
          Publication.publish(client, report);
        }
        return show(report);
      }
    } catch (ApiException e) {
      throw new CliException("the API server refuses: " + e.message(), 2);
    } catch (UncheckedIOException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new CliException("the API server does not answer: " + cause.getMessage(), 2);
    }
  }

  /** A folder that cannot be written to is better known before the run than after it. */
  private void prepareOutput() {
    if (output != null) {
      try {
        Reports.prepare(output);
      } catch (IOException e) {
        throw new CliException("cannot make the folder " + output + ": " + e.getMessage(), 2);
      }
    }
  }

  private Path localKubeconfig() {
    try {
      return LocalClusters.get(cluster.name).kubeconfig();
    } catch (CliException e) {
      throw new CliException(String.valueOf(e.getMessage()), 2);
    }
  }

  private KubeConfig config() {
    Path file = kubeconfig != null ? kubeconfig : localKubeconfig();
    try {
      return KubeConfig.read(file);
    } catch (NoSuchFileException e) {
      throw new CliException("cannot use " + file + ": there is no such file", 2);
    } catch (IOException | RuntimeException e) {
      throw new CliException("cannot use " + file + ": " + e.getMessage(), 2);
    }
  }

  private SuiteReport suite() {
    if (suiteReport == null) {
      return SuiteReport.NONE;
    }
    try {
      return SuiteReports.read(suiteReport);
    } catch (IOException e) {
      throw new CliException("cannot use " + suiteReport + ": " + e.getMessage(), 2);
    }
  }

  /** Whether the cluster is one of this host, on which this process may do anything. */
  private boolean ours() {
    return kubeconfig == null && "root".equals(System.getProperty("user.name"));
  }

  private NodeShell shell() {
    return ours() ? new ControlPlaneShell(LocalClusters.get(cluster.name)) : NodeShell.NONE;
  }

  private String image() {
    if (image != null) {
      return image;
    }
    if (ours()) {
      LocalCluster local = LocalClusters.get(cluster.name);
      return ProbeImage.load(local).orElse(PUBLIC_IMAGE);
    }
    return PUBLIC_IMAGE;
  }

  private final class Terminal implements Progress {
    @Override
    public void finished(Outcome outcome, int done, int all) {
      PrintWriter out = spec.commandLine().getOut();
      String reason = Texts.reason(outcome.verdict());
      int end = reason.indexOf('\n');
      out.printf(
          "%3d/%d %-14s %-8s %-34s %s%n",
          done,
          all,
          outcome.verdict().word(),
          outcome.requirement().level(),
          outcome.requirement().key(),
          end < 0 ? reason : reason.substring(0, end) + " ...");
      out.flush();
    }

    @Override
    public void removed(List<String> paths) {
      PrintWriter out = spec.commandLine().getOut();
      paths.forEach(path -> out.println("removed, left by a run that was killed: " + path));
      out.flush();
    }
  }

  private int show(Report report) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%n%-6s %6s %6s %15s %14s%n", "AREA", "PASS", "FAIL", "NOT APPLICABLE", "NOT CHECKABLE");
    for (Map.Entry<String, List<Outcome>> area : report.byArea().entrySet()) {
      row(out, area.getKey(), area.getValue());
    }
    row(out, "all", report.outcomes());
    for (Outcome outcome : report.breaches()) {
      out.printf("%n%s %s%n", outcome.requirement().key(), outcome.requirement().summary());
      out.printf("  %s%n", Texts.reason(outcome.verdict()).replace("\n", "\n  "));
      out.printf("  remedy: %s%n", outcome.remediation());
    }
    out.printf(
        "%n%d binding requirements fail; %d s%n",
        report.breaches().size(), report.took().toSeconds());
    report.leftovers().forEach(left -> out.println("could not be removed: " + left));
    if (output != null) {
      try {
        Reports.write(report, output);
        out.println("reports are in " + output);
      } catch (IOException e) {
        throw new CliException("cannot write to " + output + ": " + e.getMessage(), 2);
      }
    }
    out.flush();
    if (!report.breaches().isEmpty()) {
      return 1;
    }
    return report.outcomes().stream().anyMatch(Outcome::unsettled) ? 3 : 0;
  }

  private static void row(PrintWriter out, String name, List<Outcome> outcomes) {
    out.printf(
        "%-6s %6d %6d %15d %14d%n",
        name,
        outcomes.stream().filter(o -> o.verdict() instanceof Verdict.Pass).count(),
        outcomes.stream().filter(o -> o.verdict() instanceof Verdict.Fail).count(),
        outcomes.stream().filter(o -> o.verdict() instanceof Verdict.NotApplicable).count(),
        outcomes.stream().filter(o -> o.verdict() instanceof Verdict.NotCheckable).count());
  }
}
