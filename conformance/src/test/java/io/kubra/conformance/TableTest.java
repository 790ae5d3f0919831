package io.kubra.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.conformance.area.Areas;
import io.kubra.conformance.catalogue.Catalogue;
import io.kubra.conformance.catalogue.Requirement;
import io.kubra.conformance.check.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Holds docs/conformance.md to the catalogue, the checks and what the last recorded run on a local
 * cluster found. Run with -Dkubra.update=true to write it anew.
 */
class TableTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Path TABLE = ROOT.resolve("docs/conformance.md");
  private static final Path RECORDED = Path.of("src/test/resources/local-cluster.tsv");

  private record Recorded(String result, String issue) {}

  private static Map<String, Recorded> recorded() throws IOException {
    Map<String, Recorded> all = new HashMap<>();
    for (String line : Files.readAllLines(RECORDED)) {
      String[] fields = line.split("\t", -1);
      all.put(fields[0], new Recorded(fields[1], fields[2]));
    }
    return all;
  }

  private static String table() throws IOException {
    Map<String, Recorded> recorded = recorded();
    Rows rows = Areas.rows();
    StringBuilder text =
        new StringBuilder(
            """
            # RA2 row by row

            Generated from the catalogue, the checks and a recorded run of `kubra conformance` on a local cluster of one worker (basic profile). "Issue" says what will bring a row that fails and that the platform has to meet; hardware that the machine lacks is named as such.

            | row | level | subject | checked by | local cluster | issue |
            |---|---|---|---|---|---|
            """);
    for (Requirement requirement : Catalogue.read().all()) {
      Recorded run = recorded.getOrDefault(requirement.key(), new Recorded("", ""));
      text.append("| ")
          .append(requirement.key())
          .append(" | ")
          .append(requirement.level())
          .append(" | ")
          .append(requirement.subject())
          .append(" | ")
          .append(Areas.row(rows, requirement).check().how().replace("|", "\\|"))
          .append(" | ")
          .append(run.result())
          .append(" | ")
          .append(run.issue())
          .append(" |\n");
    }
    return text.toString();
  }

  @Test
  void theTableIsCurrent() throws IOException {
    String table = table();
    if (Boolean.getBoolean("kubra.update")) {
      Files.writeString(TABLE, table);
    }
    assertThat(Files.readString(TABLE)).isEqualTo(table);
  }

  @Test
  void everyRecordedFailureOfThePlatformNamesItsIssue() throws IOException {
    Catalogue catalogue = Catalogue.read();
    assertThat(recorded())
        .allSatisfy(
            (key, run) -> {
              if (run.result().equals("fail")) {
                assertThat(run.issue()).as(catalogue.get(key).key()).isNotEmpty();
              }
            });
  }
}
