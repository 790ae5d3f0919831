package io.kubra.conformance.report;

import static io.kubra.conformance.report.SarifReport.object;

import io.kubra.api.json.Json;
import io.kubra.conformance.verdict.Outcome;
import io.kubra.conformance.verdict.Report;
import io.kubra.conformance.verdict.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The run as assessment results of NIST's Open Security Controls Assessment Language 1.1.2: an
 * observation for each row, and a finding for each row that a program could decide. Identifiers
 * follow from server, time and row, so that the same run gives the same file.
 */
public final class OscalReport {
  private OscalReport() {}

  /** Writes a run. */
  public static byte[] write(Report report) {
    String start = report.started().toString();
    String end = report.started().plus(report.took()).toString();
    List<Object> controls = new ArrayList<>();
    List<Object> observations = new ArrayList<>();
    List<Object> findings = new ArrayList<>();
    for (Outcome outcome : report.outcomes()) {
      String id = token(outcome);
      String observed = uuid(report, "observation", id);
      controls.add(object("control-id", id));
      observations.add(observation(outcome, observed, end));
      if (outcome.verdict() instanceof Verdict.Pass || outcome.verdict() instanceof Verdict.Fail) {
        findings.add(finding(report, outcome, id, observed));
      }
    }
    Map<String, Object> result =
        object(
            "uuid",
            uuid(report, "result", ""),
            "title",
            "RA2 conformance, " + report.profile() + " profile",
            "description",
            "Checks of " + report.server() + " " + report.version(),
            "start",
            start,
            "end",
            end,
            "reviewed-controls",
            object("control-selections", List.of(object("include-controls", controls))),
            "observations",
            observations);
    if (!findings.isEmpty()) {
      result.put("findings", findings);
    }
    Map<String, Object> root =
        object(
            "uuid", uuid(report, "assessment", ""),
            "metadata",
                object(
                    "title",
                    "RA2 conformance of " + report.server(),
                    "last-modified",
                    end,
                    "version",
                    "1",
                    "oscal-version",
                    "1.1.2"),
            "import-ap", object("href", "#" + uuid(report, "plan", "")),
            "results", List.of(result),
            // The plan is the catalogue itself; the format wants it among the resources.
            "back-matter",
                object(
                    "resources",
                    List.of(
                        object(
                            "uuid",
                            uuid(report, "plan", ""),
                            "title",
                            "Requirements of the Anuket Reference Architecture 2",
                            "description",
                            "Every row of the architecture, checked by kubra conformance"))));
    return Json.write(object("assessment-results", root));
  }

  private static Map<String, Object> observation(Outcome outcome, String uuid, String at) {
    String reason = Texts.reason(outcome.verdict());
    List<String> lines = new ArrayList<>(List.of(outcome.requirement().summary()));
    lines.add(outcome.verdict().word() + (reason.isEmpty() ? "" : ": " + reason));
    lines.addAll(outcome.verdict().evidence());
    String means = outcome.requirement().means();
    String method =
        outcome.verdict() instanceof Verdict.NotCheckable
            ? "UNKNOWN"
            : means.contains("probe") ? "TEST" : "EXAMINE";
    return object(
        "uuid", uuid,
        "title", outcome.requirement().key(),
        "description", String.join("\n", lines),
        "methods", List.of(method),
        "collected", at);
  }

  private static Map<String, Object> finding(
      Report report, Outcome outcome, String id, String observed) {
    boolean pass = outcome.verdict() instanceof Verdict.Pass;
    String reason = Texts.reason(outcome.verdict());
    return object(
        "uuid", uuid(report, "finding", id),
        "title", outcome.requirement().key(),
        "description", reason.isEmpty() ? outcome.requirement().summary() : reason,
        "target",
            object(
                "type",
                "objective-id",
                "target-id",
                id,
                "status",
                object("state", pass ? "satisfied" : "not-satisfied")),
        "related-observations", List.of(object("observation-uuid", observed)));
  }

  // Tokens of OSCAL take letters, digits, points, dashes and underscores.
  private static String token(Outcome outcome) {
    return outcome.requirement().key().replaceAll("[^A-Za-z0-9._-]", "_");
  }

  private static String uuid(Report report, String what, String id) {
    String name = report.server() + '|' + report.started() + '|' + what + '|' + id;
    // Version 5 in form, since OSCAL takes 4 and 5 only.
    UUID uuid = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    long most = uuid.getMostSignificantBits() & ~0xf000L | 0x5000L;
    return new UUID(most, uuid.getLeastSignificantBits()).toString();
  }
}
