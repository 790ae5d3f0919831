package io.kubra.conformance.area;

import io.kubra.api.json.Json;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.client.PatchType;
import io.kubra.conformance.check.Check;
import io.kubra.conformance.check.Context;
import io.kubra.conformance.check.Releases;
import io.kubra.conformance.check.Rows;
import io.kubra.conformance.check.Workload;
import io.kubra.conformance.cluster.Named;
import io.kubra.conformance.cluster.UnservedException;
import io.kubra.conformance.verdict.Findings;
import io.kubra.conformance.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Rows on the charts and manifests that applications come from. */
final class ChartRows {
  private static final Verdict NO_RELEASES =
      Verdict.notApplicable("no Helm release is deployed outside the platform's namespaces");
  // https://semver.org, as Helm takes it.
  private static final Pattern VERSION =
      Pattern.compile("v?\\d+(\\.\\d+){0,2}(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?");
  private static final Pattern ALPHA = Pattern.compile(".*/v\\d+alpha\\d+|v\\d+alpha\\d+");
  private static final String FEATURES = "nfd.k8s-sigs.io/";

  /** Resources that keep a chart deployed, and so record where it comes from. */
  private record Origin(String collection, String chart, String repository) {}

  private static final List<Origin> ORIGINS =
      List.of(
          new Origin("/apis/helm.kubra.io/v1/helmcharts", "chart", "repo"),
          new Origin("/apis/helm.cattle.io/v1/helmcharts", "chart", "repo"),
          new Origin("/apis/argoproj.io/v1alpha1/applications", "source.chart", "source.repoURL"),
          new Origin("/apis/source.toolkit.fluxcd.io/v1/helmrepositories", "", "url"));

  private ChartRows() {}

  private static final Check PUBLISHED =
      Check.of(
          "deployment records name charts in repositories",
          context -> {
            List<Releases.Release> releases = Releases.all(context);
            Findings findings = new Findings();
            Set<String> recorded = new TreeSet<>();
            for (Origin origin : ORIGINS) {
              for (Map<String, Object> record : context.list(origin.collection())) {
                String where = where(record, origin);
                if (!Workload.platform(target(record)) && !where.isEmpty()) {
                  recorded.add(target(record) + "/" + Named.name(record));
                  String line = Named.full(record) + ": " + where;
                  findings.expect(where.matches("(oci|https?)://.+"), line, line);
                }
              }
            }
            if (findings.failed()) {
              return findings.verdict();
            }
            if (releases.isEmpty() && recorded.isEmpty()) {
              return NO_RELEASES;
            }
            List<String> unknown =
                releases.stream()
                    .map(Releases.Release::full)
                    .filter(r -> !recorded.contains(r))
                    .toList();
            return unknown.isEmpty()
                ? findings.verdict()
                : new Verdict.NotCheckable(
                    Verdict.Cause.MEANS,
                    "Helm does not store where a chart came from, and no HelmChart or other"
                        + " deployment record says so for "
                        + String.join(", ", unknown),
                    findings.evidence());
          });

  private static String where(Map<String, Object> record, Origin origin) {
    String repository = Trees.stringOr(record, "", path(origin.repository()));
    if (!repository.isEmpty() || origin.chart().isEmpty()) {
      return repository;
    }
    if (Trees.get(record, "spec", "chartContent") != null) {
      return "the chart is a copy in the record itself";
    }
    return Trees.stringOr(record, "", path(origin.chart()));
  }

  private static String[] path(String field) {
    return ("spec." + field).split("\\.");
  }

  private static String target(Map<String, Object> record) {
    return Trees.stringOr(record, Named.namespace(record), "spec", "targetNamespace");
  }

  private static final Check VALID =
      Check.of(
          "charts of deployed releases keep the rules of Chart.yaml, and their objects pass a dry run",
          context -> {
            List<Releases.Release> releases = Releases.all(context);
            if (releases.isEmpty()) {
              return NO_RELEASES;
            }
            Findings findings = new Findings();
            for (Releases.Release release : releases) {
              List<String> wrong = metadata(release.chart());
              int objects = 0;
              for (Map<String, Object> object : release.objects()) {
                objects++;
                String refusal = trial(context, release, object);
                if (!refusal.isEmpty()) {
                  wrong.add(refusal);
                }
              }
              wrong.forEach(line -> findings.breach("release " + release.full() + ": " + line));
              if (wrong.isEmpty()) {
                findings.saw(
                    "release "
                        + release.full()
                        + ": the chart is valid, the API server takes its "
                        + objects
                        + " objects");
              }
            }
            return findings.verdict();
          });

  private static List<String> metadata(Map<String, Object> chart) {
    List<String> wrong = new ArrayList<>();
    String api = Trees.stringOr(chart, "", "apiVersion");
    String version = Trees.stringOr(chart, "", "version");
    String type = Trees.stringOr(chart, "application", "type");
    if (Trees.stringOr(chart, "", "name").isEmpty()) {
      wrong.add("the chart has no name");
    }
    if (!api.equals("v1") && !api.equals("v2")) {
      wrong.add("the chart's apiVersion is \"" + api + "\", not v1 or v2");
    }
    if (!VERSION.matcher(version).matches()) {
      wrong.add("the chart's version \"" + version + "\" is not a semantic version");
    }
    if (!type.equals("application") && !type.isEmpty()) {
      wrong.add("a chart of type " + type + " cannot be installed");
    }
    return wrong;
  }

  /** Why the server would refuse an object; empty if it would not. */
  private static String trial(
      Context context, Releases.Release release, Map<String, Object> object) {
    String what = Trees.stringOr(object, "?", "kind") + " " + Named.name(object);
    try {
      if (context.discovery().namespaced(object) && Named.namespace(object).isEmpty()) {
        Trees.set(object, release.namespace(), "metadata", "namespace");
      }
      String path = context.discovery().collection(object) + "/" + Named.name(object);
      context
          .kube()
          .patch(
              path + "?dryRun=All&force=true&fieldManager=kubra-conformance",
              PatchType.APPLY,
              Json.toString(object));
      return "";
    } catch (UnservedException e) {
      return what + ": " + e.getMessage();
    } catch (ApiException e) {
      if (e.code() == 401 || e.code() == 403) {
        throw e;
      }
      return what + " is refused: " + e.message();
    }
  }

  private static final Check NO_ALPHA =
      Check.of(
          "no object of an application is of an alpha version",
          context -> {
            Findings findings = new Findings();
            int count = Workload.all(context).size();
            for (Releases.Release release : Releases.all(context)) {
              for (Map<String, Object> object : release.objects()) {
                count++;
                alpha(
                    findings,
                    "release " + release.full(),
                    Trees.stringOr(object, "", "apiVersion"));
              }
            }
            for (String groupVersion : context.discovery().groupVersions()) {
              if (ALPHA.matcher(groupVersion).matches() && !groupVersion.startsWith(FEATURES)) {
                for (String collection : context.discovery().collections(groupVersion, true)) {
                  for (Map<String, Object> object : context.list(collection)) {
                    if (!Named.namespace(object).isEmpty()
                        && !Workload.platform(Named.namespace(object))) {
                      count++;
                      alpha(findings, collection + " " + Named.full(object), groupVersion);
                    }
                  }
                }
              }
            }
            return count == 0
                ? Verdict.notApplicable("there are no workloads outside the platform's namespaces")
                : findings.saw("read " + count + " objects of applications").verdict();
          });

  private static void alpha(Findings findings, String who, String version) {
    if (ALPHA.matcher(version).matches() && !version.startsWith(FEATURES)) {
      findings.breach(who + " uses " + version);
    }
  }

  static void add(Rows rows) {
    rows.add("ra2.app.011", "Install charts from an OCI registry or a chart repository.", PUBLISHED)
        .add("ra2.app.012", "Repair the chart until `helm lint` finds nothing.", VALID)
        .add("ra2.app.016", "Use stable versions of the API.", NO_ALPHA);
  }
}
